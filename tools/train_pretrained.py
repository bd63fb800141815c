"""Train the weights that ship with vae_lab, and write their card.

usage: python tools/train_pretrained.py PATH_TO_MNIST [--epochs 18]

PATH_TO_MNIST is an .npz file or a folder, as `vae_lab.load_mnist` takes it. The 1,000
digits that `load_mnist("sample")` holds out come from MNIST's training set: they are
left out here, so that they are unseen in the labs too.
"""

import argparse
import hashlib
import json
import platform

import numpy as np

import vae_lab as lab
from vae_lab.pretrained import pretrained_files
from vae_lab.session import keras

SEED, BATCH_SIZE = 7, 32


def without(images, held_out):
    """Drop from images (n, 28, 28, 1) those that are in held_out."""
    known = {image.tobytes() for image in held_out}
    return images[[image.tobytes() not in known for image in images]]


class RaiseBeta(keras.callbacks.Callback):
    """Let the KL's weight rise from 0.3 to 1 in the first quarter of the epochs."""

    def on_epoch_begin(self, epoch, logs=None):
        self.model.beta = min(1.0, 0.3 + 0.7 * epoch / (self.params["epochs"] / 4))


def train(x_train, epochs):
    lab.start(SEED)
    steps = epochs * -(-len(x_train) // BATCH_SIZE)
    vae = lab.VAE(lab.build_encoder(), lab.build_decoder(), seed=SEED, name="vae")
    muon = keras.optimizers.Muon(lab.schedule(steps, peak=5e-3))
    vae.compile(muon, jit_compile=True)
    vae.fit(
        x_train,
        batch_size=BATCH_SIZE,
        epochs=epochs,
        verbose=2,
        callbacks=[RaiseBeta()],
    )
    return vae


def write_card(vae, latent_dim, digits, **about):
    """Evaluate the stored weights, loaded into vae, and write their card."""
    weights, card_path = pretrained_files(latent_dim)
    vae(digits.x_test[:1])  # a model knows its weights after its first batch
    vae.load_weights(weights)
    vae.compile()
    found = vae.evaluate(digits.x_test, batch_size=500, verbose=0, return_dict=True)
    card = {
        **about,
        "test": {
            "images": len(digits.x_test),
            "z": "sampled once an image",
            "unit": "nats per image",
            "reconstruction_loss": round(found["reconstruction_loss"], 2),
            "kl_loss": round(found["kl_loss"], 2),
            "negative_elbo": round(found["loss"], 2),
        },
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "keras": keras.__version__,
            "backend": keras.backend.backend(),
        },
        "license": "CC BY-SA 3.0, as the MNIST data they were trained on",
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
    }
    card_path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(card["test"], indent=2))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data")
    parser.add_argument("--epochs", type=int, default=18)
    args = parser.parse_args()
    digits = lab.load_mnist(args.data)
    x_train = without(digits.x_train, lab.load_mnist("sample").x_test)
    trained = train(x_train, args.epochs)
    vae = lab.VAE(trained.encoder, trained.decoder, seed=SEED, name="vae")
    vae(digits.x_test[:1])
    vae.save_weights(pretrained_files(2)[0])  # not compiled: no optimizer's slots
    write_card(
        vae,
        2,
        digits,
        about="VAE of vae_lab, latent_dim 2, original architecture, beta 1",
        command=f"python tools/train_pretrained.py mnist.npz --epochs {args.epochs}",
        trained_on=f"{len(x_train)} images of MNIST's training set: all but the 1,000 "
        "that the sample of vae_lab holds out",
        recipe="Muon, learning rate 0 to 0.005 over the first 5% of the steps, then "
        f"cosine to 0; batch {BATCH_SIZE}, {args.epochs} epochs, float32, XLA, seed "
        f"{SEED}; summed Bernoulli cross-entropy + beta * KL, beta 0.3 to 1 over the "
        "first quarter of the epochs",
    )


if __name__ == "__main__":
    main()
