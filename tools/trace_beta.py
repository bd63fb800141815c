"""Train the rate-distortion curves that ship with lab 10, and write their card.

usage: python tools/trace_beta.py [--seeds 3]

For each latent_dim, beta and seed it trains lab 10's small VAE on the sample's 4,000
digits, as the lab does, and evaluates it on the 1,000 held-out ones. It writes
`vae_lab/results/beta.json` and, for latent_dim 2 and the first seed, a small manifold
of each beta, `vae_lab/results/beta_manifolds.png`, side by side.
"""

import argparse
import hashlib
import json
import platform
from pathlib import Path

import numpy as np
from PIL import Image

import vae_lab as lab
from vae_lab.session import keras, layers, ops

RESULTS = Path(lab.__file__).with_name("results")
LATENT_DIMS, GRID_SIZE = (2, 16), 7
BETAS = (0.0625, 0.25, 0.392, 0.5, 1, 2, 4, 8, 16, 24, 40)


def build_small(latent_dim, widths=(256,), activation="relu"):
    """Return an encoder and a decoder of dense layers."""
    images = keras.Input((28, 28, 1))
    x = layers.Flatten()(images)
    x = layers.Dense(widths[0], activation="relu")(x)
    z_mean = layers.Dense(latent_dim)(x)
    z_log_var = layers.Dense(latent_dim)(x)
    z = keras.Input((latent_dim,))
    y = z
    for width in widths:
        y = layers.Dense(width, activation=activation)(y)
    y = layers.Dense(784, activation="sigmoid")(y)
    reconstruction = layers.Reshape((28, 28, 1))(y)
    encoder = keras.Model(images, [z_mean, z_log_var])
    return encoder, keras.Model(z, reconstruction)


def train(vae, images, epochs=6):
    """Train as in lab 6, with batches of 32."""
    steps = epochs * len(images) // 32
    vae.compile(keras.optimizers.RMSprop(lab.schedule(steps)))
    vae.fit(images, batch_size=32, epochs=epochs, verbose=0)


def trained(latent_dim, beta, seed, images):
    keras.utils.set_random_seed(seed)
    vae = lab.VAE(*build_small(latent_dim), beta=beta, seed=seed)
    train(vae, images)
    return vae


def measure(vae, images):
    """Return both terms, KL per unit and variances of z_mean, on held-out images."""
    found = vae.evaluate(images, batch_size=500, verbose=0, return_dict=True)
    z_mean, z_log_var = (
        ops.convert_to_numpy(part).astype("float64") for part in vae.encoder(images)
    )
    per_unit = 0.5 * (z_mean**2 + np.exp(z_log_var) - 1 - z_log_var).mean(axis=0)
    order = np.argsort(-per_unit)
    return {
        "reconstruction_loss": round(found["reconstruction_loss"], 2),
        "kl_loss": round(found["kl_loss"], 3),
        "kl_per_unit": per_unit[order].round(3).tolist(),
        "z_mean_variance": z_mean.var(axis=0)[order].round(4).tolist(),
    }


def save(points, manifolds, seeds, images):
    RESULTS.mkdir(exist_ok=True)
    picture = RESULTS / "beta_manifolds.png"
    gray = (255 * np.hstack(manifolds)).round().astype("uint8")
    Image.fromarray(gray).save(picture, optimize=True)
    card = {
        "about": "rate-distortion curves of lab 10's small VAE: held-out digits, z "
        "sampled once an image, nats per image, means over the images",
        "command": f"python tools/trace_beta.py --seeds {seeds}",
        "trained_on": f"the {len(images.x_train)} training digits of the sample",
        "evaluated_on": f"its {len(images.x_test)} held-out digits",
        "recipe": "RMSprop, the schedule of lab 06, batch 32, 6 epochs, float32, "
        f"seeds 0 to {seeds - 1}; summed Bernoulli cross-entropy + beta * KL",
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "keras": keras.__version__,
            "backend": keras.backend.backend(),
        },
        "manifolds": {
            "file": picture.name,
            "what": f"latent_dim 2, seed 0: one square of {GRID_SIZE} by {GRID_SIZE} "
            "digits for each beta, side by side; 255 is ink",
            "betas": BETAS,
            "sha256": hashlib.sha256(picture.read_bytes()).hexdigest(),
        },
        "license": "CC BY-SA 3.0, as the MNIST data behind it",
    }
    rows = ",\n".join("  " + json.dumps(point) for point in points)
    text = json.dumps(card, indent=1)[:-2] + f',\n "points": [\n{rows}\n ]\n}}\n'
    (RESULTS / "beta.json").write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
    lab.start()
    digits = lab.load_mnist("sample")
    points, manifolds = [], []
    for seed in range(args.seeds):
        for latent_dim in LATENT_DIMS:
            for beta in BETAS:
                vae = trained(latent_dim, beta, seed, digits.x_train)
                point = {"latent_dim": latent_dim, "beta": beta, "seed": seed}
                points.append(point | measure(vae, digits.x_test))
                print(points[-1], flush=True)
                if latent_dim == 2 and seed == 0:
                    manifolds.append(lab.decode_grid(vae.decoder, GRID_SIZE))
        save(points, manifolds, seed + 1, digits)  # after each seed: it takes long


if __name__ == "__main__":
    main()
