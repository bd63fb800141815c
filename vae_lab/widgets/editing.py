"""A desk to edit digits at: one slider for each attribute. Lab 08."""

import numpy as np

from vae_lab.widgets.drawing import vote
from vae_lab.widgets.explorer import (
    Explorer,
    digits_of,
    name_images,
    note_on,
    says_what_is_wrong,
)
from vae_lab.widgets.parts import Button, Picture, Slider
from vae_lab.widgets.pictures import gray, png

REACH = 2.5  # of a slider each way, in standard deviations of the attribute


@says_what_is_wrong
def edit_digit(vae, images, attributes, labels=None):
    """Return a widget: change attributes of a digit by moving its code.

    Each slider adds its attribute's vector to the code, as many times as it says; all
    changes add up. The sentence tells what each attribute was, what was asked for, and
    what is measured in the edited digit. It begins with a change of the first.

    Args:
        vae: model with an encoder and a decoder, of any latent_dim.
        images: (n, 28, 28, 1) in [0, 1], to choose from; the first 200 are used.
        attributes: dict, name with its unit -> (measure, vector): a function from
            images to numbers (n,), and the step of the code, (latent_dim,), for one
            unit more.
        labels: (n,), ints 0 to 9, or None.

    Source: the attribute vectors of lab 08.
    """
    images = digits_of(images)[:200]
    labels = None if labels is None else np.asarray(labels)[:200]
    if labels is not None and len(labels) != len(images):
        raise ValueError(
            f"each of the {len(images)} images needs one label. "
            f"Received: {labels.shape}."
        )
    z, _ = vae.encoder.predict(images, verbose=0)
    if not np.isfinite(z).all():
        bad = (~np.isfinite(z)).any(axis=1).sum()
        raise ValueError(f"{bad} of the {len(z)} codes are not finite numbers.")
    measures, vectors, spreads = _checked(attributes, images, z.shape[1])
    note = note_on(vae.decoder.predict(z, verbose=0)[..., 0])
    names = name_images(labels, len(images))
    chosen = Slider(label="digit", high=len(images) - 1, step=1, names=names)
    sliders = [
        Slider(label=f"change of {name}", value=0, low=-reach, high=reach, step=step)
        for name, (reach, step) in spreads.items()
    ]
    reach, step = next(iter(spreads.values()))
    sliders[0].value = -round(reach / 2 / step) * step  # to show an edit at once
    undo = Button(label="Undo all changes")
    original = Picture(label="the digit", scale=8)
    copy = Picture(label="its reconstruction", scale=8)
    edited = Picture(label="the edited digit", scale=8)

    def update():
        if undo.clicks != update.undone:
            update.undone = undo.clicks
            for slider in sliders:
                slider.value = 0
        index = int(chosen.value)
        changes = np.array([slider.value for slider in sliders])
        code = z[index] + changes @ vectors
        pair = np.float32([z[index], code])
        digits = np.nan_to_num(vae.decoder.predict_on_batch(pair))
        pictures = [images[index], *digits]
        for part, picture in zip([original, copy, edited], pictures):
            part.value = png(gray(picture[..., 0]))
        told = [
            f"{name} {was:.1f}, asked for {was + change:.1f}, is {now:.1f}"
            for (name, measure), change in zip(measures.items(), changes)
            for was, now in [np.round(measure(digits), 1) + 0.0]
        ]
        near = vote(z, labels, code).lstrip(": ")
        near = f" {near.capitalize()}." if near else ""
        return f"{names[index].capitalize()}: {'; '.join(told)}.{near} {note}".strip()

    update.undone = 0
    parts = {f"change_{i}": slider for i, slider in enumerate(sliders)}
    parts |= dict(chosen=chosen, undo=undo)
    parts |= dict(original=original, copy=copy, edited=edited)
    rows = [[chosen], *([slider] for slider in sliders), [undo]]
    rows += [[original, copy, edited]]
    caption = "A digit, its reconstruction, and sliders that edit it by its code."
    return Explorer(rows, update, caption, **parts)


def _checked(attributes, images, latent_dim):
    """Return measures and vectors, and how far and how finely each slider goes."""
    measures, vectors, spreads = {}, [], {}
    for name, (measure, vector) in attributes.items():
        vector, values = np.asarray(vector, "float64"), np.asarray(measure(images))
        if vector.shape != (latent_dim,):
            raise ValueError(
                f"the vector of {name} has the shape {vector.shape}: it needs one "
                f"number for each latent unit of the model, which has {latent_dim}."
            )
        if values.shape != images.shape[:1] or not np.isfinite(values).all():
            raise ValueError(
                f"the measure of {name} must give one finite number for each of the "
                f"{len(images)} images. Received: shape {values.shape}."
            )
        if not np.isfinite(vector).all() or not values.std():
            raise ValueError(
                f"{name} is the same in all images, or its vector is not finite."
            )
        step = float(f"{values.std() / 20:.0e}")
        measures[name], spreads[name] = measure, (round(REACH * 20) * step, step)
        vectors.append(vector)
    if not vectors:
        raise ValueError("there is no attribute to change: pass at least one.")
    return measures, np.stack(vectors), spreads
