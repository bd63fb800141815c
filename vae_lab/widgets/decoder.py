"""The stages of the decoder. Lab 04."""

import numpy as np

from vae_lab.session import keras
from vae_lab.widgets.explorer import (
    ENDS,
    Explorer,
    draw_prior,
    note_on,
    painted_pad,
    plane_decoder,
    says_what_is_wrong,
)
from vae_lab.widgets.parts import Picture
from vae_lab.widgets.pictures import gray, montage, png


@says_what_is_wrong
def trace_decoder(decoder):
    """Return a widget: move z and see the feature maps of each stage.

    Of each stage the 16 maps that change most over the plane are shown, on one gray
    scale, from 0 to the value that 99.5 % of them stay below, all over the plane.

    Args:
        decoder: functional model from (n, 2) to (n, 28, 28, 1).

    Source: the layers of lab 04.
    """
    plane_decoder(decoder)  # refuses a z that is no point of a plane
    stages = [layer for layer in decoder.layers if len(layer.output.shape) == 4]
    *inner, last = stages
    if not inner:
        raise ValueError("this decoder has no feature maps before its last layer.")
    model = keras.Model(decoder.inputs[0], [layer.output for layer in stages])
    steps = np.linspace(ENDS[0][0], ENDS[1][0], 9)
    sample = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    *maps, digits = model.predict(sample.astype("float32"), verbose=0)
    lively = [np.argsort(-part.std(axis=0).mean(axis=(0, 1)))[:16] for part in maps]
    tops = [
        max(1e-6, float(np.percentile(part[..., lively[i]], 99.5)))
        for i, part in enumerate(maps)
    ]
    note = note_on(digits[..., 0])
    pad = painted_pad("z", draw_prior, size=(220, 220))
    pictures = [
        Picture(
            label=f"{len(shown)} feature maps after {type(layer).__name__}",
            scale=round(200 / (4 * (layer.output.shape[1] + 1))),
        )
        for layer, shown in zip(inner, lively)
    ]
    digit = Picture(label="the reconstruction", scale=6)

    def update():
        *maps, pixels = model.predict_on_batch(np.float32([pad.xy]))
        told = []
        for i, part in enumerate(maps):
            shown = part[0].transpose(2, 0, 1)[lively[i]] / tops[i]
            pictures[i].value = png(gray(montage(shown, 4)))
            share = np.mean(part > 0)
            told.append(f"{part.shape[1]} by {part.shape[2]}: {share:.0%} above 0")
        digit.value = png(gray(pixels[0, :, :, 0]))
        x, y = pad.xy
        return f"z = ({x:.2f}, {y:.2f}). Numbers in the maps, {', '.join(told)}. {note}"

    caption = "A point to move, and what each stage of the decoder makes of it."
    parts = {f"stage_{i}": picture for i, picture in enumerate(pictures)}
    parts |= dict(pad=pad, digit=digit)
    return Explorer([[pad, *pictures, digit]], update, caption, **parts)
