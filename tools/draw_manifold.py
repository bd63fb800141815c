"""Draw the picture that the README shows from the weights that ship.

usage: python tools/draw_manifold.py
"""

from pathlib import Path

import matplotlib

import vae_lab as lab

PICTURE = Path(__file__).resolve().parent.parent / "notebooks/images/manifold.png"


def main():
    matplotlib.use("agg")
    lab.start()
    canvas = lab.decode_grid(lab.load_pretrained().decoder)
    PICTURE.parent.mkdir(exist_ok=True)
    lab.plot_manifold(canvas).figure.savefig(PICTURE, dpi=100)
    print(PICTURE.name)


if __name__ == "__main__":
    main()
