"""Train a VAE of more than 2 latent units, as lab 08 edits digits with, with its card.

usage: python tools/train_wider.py PATH_TO_MNIST [--latent-dim 16] [--epochs 4]

As train_pretrained.py: the 1,000 digits that `load_mnist("sample")` holds out are left
out of the training. The weights are stored in 16 bits, which halves the file; the card
tells the loss of what is stored.
"""

import argparse

import numpy as np
from train_pretrained import without, write_card

import vae_lab as lab
from vae_lab.pretrained import pretrained_files
from vae_lab.session import keras

SEED, BATCH_SIZE = 7, 32


def build(latent_dim):
    parts = lab.build_encoder(latent_dim), lab.build_decoder(latent_dim)
    return lab.VAE(*parts, seed=SEED, name="vae")


def train(x_train, latent_dim, epochs):
    lab.start(SEED)
    vae = build(latent_dim)
    steps = epochs * -(-len(x_train) // BATCH_SIZE)
    vae.compile(keras.optimizers.RMSprop(lab.schedule(steps)))
    vae.fit(x_train, batch_size=BATCH_SIZE, epochs=epochs, verbose=2)
    return vae


def store(vae, latent_dim, path):
    """Save the weights, rounded to 16 bits; Keras widens them when it loads them."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float16")
    half = build(latent_dim)
    keras.config.set_dtype_policy(before)
    half(np.zeros((1, 28, 28, 1), "float32"))
    half.set_weights(vae.get_weights())
    half.save_weights(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data")
    parser.add_argument("--latent-dim", type=int, default=16)
    parser.add_argument("--epochs", type=int, default=4)
    args = parser.parse_args()
    latent_dim, epochs = args.latent_dim, args.epochs
    digits = lab.load_mnist(args.data)
    x_train = without(digits.x_train, lab.load_mnist("sample").x_test)
    trained = train(x_train, latent_dim, epochs)
    store(trained, latent_dim, pretrained_files(latent_dim)[0])
    write_card(
        build(latent_dim),
        latent_dim,
        digits,
        about=f"VAE of vae_lab, latent_dim {latent_dim}, original architecture, beta 1",
        command="python tools/train_wider.py mnist.npz "
        f"--latent-dim {latent_dim} --epochs {epochs}",
        trained_on=f"{len(x_train)} images of MNIST's training set: all but the 1,000 "
        "that the sample of vae_lab holds out",
        recipe="RMSprop, learning rate 0 to 0.003 over the first 5% of the steps, "
        f"then cosine to 0; batch {BATCH_SIZE}, {epochs} epochs, float32, seed "
        f"{SEED}; summed Bernoulli cross-entropy + KL; stored in float16",
    )


if __name__ == "__main__":
    main()
