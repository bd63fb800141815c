"""The trained VAEs that ship with the package."""

import hashlib
import json
from pathlib import Path

import numpy as np

from vae_lab.model import VAE, build_decoder, build_encoder

FOLDER = Path(__file__).with_name("weights")


def pretrained_files(latent_dim):
    """Return the paths of the shipped weights of a latent_dim, and of their card."""
    name = f"mnist_{latent_dim}d"
    return FOLDER / f"{name}.weights.h5", FOLDER / f"{name}.json"


def load_pretrained(latent_dim=2):
    """Return a VAE with the weights that ship with the package.

    The card beside them, as `vae_lab/weights/mnist_2d.json`, tells how they were made
    and how good they are. The VAE is not compiled.

    Args:
        latent_dim: 2, or 8 or 16 as in lab 08.

    Raises:
        FileNotFoundError: the weights or their card are missing.
        ValueError: latent_dim is another one; the card is damaged, or the weights are
            not the bytes that it describes.
    """
    if latent_dim not in (2, 8, 16):
        raise ValueError(
            "Weights ship for latent_dim 2, 8 and 16: train another VAE yourself, as "
            f"in lab 06. Received: latent_dim={latent_dim!r}"
        )
    weights, card = pretrained_files(latent_dim)
    for path in (card, weights):
        if not path.is_file():
            raise FileNotFoundError(
                f"{path} is missing: install vae_lab again, or train the weights with "
                "tools/train_pretrained.py, of 8 or 16 units with tools/train_wider.py"
            )
    try:
        expected = json.loads(card.read_text(encoding="utf-8"))["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{card} is damaged: expected JSON with the key sha256. Found: {error!r}. "
            "Install vae_lab again."
        ) from None
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    if found != expected:
        raise ValueError(
            f"{weights} is damaged or foreign: its SHA-256 is {found}, the card beside "
            f"it says {expected}. Install vae_lab again."
        )
    vae = VAE(build_encoder(latent_dim), build_decoder(latent_dim), name="vae")
    vae(np.zeros((1, 28, 28, 1), "float32"))  # Keras loads into a built model
    vae.load_weights(weights)
    return vae
