"""The original's architecture in plain PyTorch, Adam at 1e-3, batches of 128.

The recipe is that of PyTorch's own VAE example, whose network is smaller.
Source: https://github.com/pytorch/examples/tree/main/vae
"""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

OWN_BATCH_SIZE, EPOCHS = 128, 10


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(64, 64, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(64, 64, 3, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(14 * 14 * 64, 32),
            nn.ReLU(),
        )
        self.z_mean, self.z_log_var = nn.Linear(32, 2), nn.Linear(32, 2)
        self.decoder = nn.Sequential(
            nn.Linear(2, 14 * 14 * 64),
            nn.ReLU(),
            nn.Unflatten(1, (64, 14, 14)),
            nn.ConvTranspose2d(64, 32, 3, stride=2, padding=1, output_padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 1, 3, padding=1),
        )

    def forward(self, images):
        """Return the reconstruction's summed loss and the summed KL."""
        x = self.encoder(images)
        z_mean, z_log_var = self.z_mean(x), self.z_log_var(x)
        z = z_mean + torch.exp(0.5 * z_log_var) * torch.randn_like(z_mean)
        reconstruction_loss = functional.binary_cross_entropy_with_logits(
            self.decoder(z), images, reduction="sum"
        )
        kl = 0.5 * (z_mean**2 + z_log_var.exp() - 1 - z_log_var).sum()
        return reconstruction_loss, kl


def build(steps, batch_size, compiled=False, channels_last=False):
    torch.manual_seed(0)
    vae = VAE()
    if channels_last:
        vae = vae.to(memory_format=torch.channels_last)
    forward = torch.compile(vae) if compiled else vae
    adam = torch.optim.Adam(vae.parameters(), lr=1e-3)

    def batches(images, size):
        # (n, 28, 28, 1) -> (n, 1, 28, 28)
        tensor = torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2)))
        return tensor.split(size)

    def fit(images):
        for batch in batches(images, batch_size):
            adam.zero_grad()
            reconstruction_loss, kl = forward(batch)
            loss = (reconstruction_loss + kl) / len(batch)
            loss.backward()
            adam.step()

    @torch.no_grad()
    def losses(images):
        parts = [vae(batch) for batch in batches(images, 500)]
        totals = np.sum([[float(r), float(kl)] for r, kl in parts], axis=0)
        return tuple(totals / len(images))

    return fit, losses
