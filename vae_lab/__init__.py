"""Helpers of the VAE labs: `import vae_lab as lab`.

Sessions, digits, figures, widgets, checks, and what labs built for later ones.
"""

# session comes first: it imports Keras with TensorFlow's start-up log held back.
from vae_lab.session import gradient, start  # isort: skip
from vae_lab.checks import check
from vae_lab.data import load_mnist, load_results
from vae_lab.evaluate import elbo, importance_weighted_bound
from vae_lab.figures import (
    plot_codes,
    plot_history,
    plot_images,
    plot_manifold,
    plot_posteriors,
)
from vae_lab.hardware import (
    checkpoints,
    data_parallel,
    device,
    plan,
    report,
    within_memory,
)
from vae_lab.model import (
    VAE,
    Sampling,
    build_decoder,
    build_encoder,
    decode_grid,
    kl_loss,
    latent_grid,
    reconstruction_loss,
    schedule,
)
from vae_lab.pretrained import load_pretrained
from vae_lab.widgets import (
    balance_losses,
    center_digit,
    draw_digit,
    edit_digit,
    explore_beta,
    explore_codes,
    explore_latent_space,
    fit_posterior,
    inspect_posterior,
    morph,
    reparameterize,
    trace_decoder,
    watch_training,
    write_digits,
)

__version__ = "0.1.0"
