"""Widgets to play with, one or two for each lab. `parts` says how they are made."""

from vae_lab.widgets.decoder import trace_decoder
from vae_lab.widgets.drawing import center_digit, draw_digit
from vae_lab.widgets.editing import edit_digit
from vae_lab.widgets.inference import fit_posterior
from vae_lab.widgets.latent import explore_codes, explore_latent_space, morph
from vae_lab.widgets.posterior import (
    balance_losses,
    inspect_posterior,
    reparameterize,
)
from vae_lab.widgets.rate import explore_beta
from vae_lab.widgets.training import watch_training
from vae_lab.widgets.writing import write_digits
