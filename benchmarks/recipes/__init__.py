"""What one would run instead: each module trains a VAE by somebody's recipe.

A module has `OWN_BATCH_SIZE` and `EPOCHS`, the recipe's own, and a function
`build(steps, batch_size)` that returns two functions:

- `fit(images)` trains once through images, (n, 28, 28, 1), float32 in [0, 1], in their
  order, in batches of `batch_size`;
- `losses(images)` returns the mean reconstruction loss and KL in nats per image, with
  one sampled z an image: their sum is the negative ELBO.

`steps` is the number of batches in the whole training, for recipes with a schedule. The
code is ours, the architecture and the recipe are theirs.
"""
