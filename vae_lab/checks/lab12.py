"""Exercises of lab 12: tests that learners write, tried on exhibits.

The result of a learner's test is its verdict on each exhibit: 1 where it fails, 0 where
it passes.
"""

from functools import partial

import numpy as np
from scipy.spatial.distance import cdist
from scipy.stats import kstest, norm

from vae_lab.checks.exercise import Exercise, NotYet, has_dots
from vae_lab.checks.exhibits import (
    LOSSES,
    SAMPLERS,
    SPLITS,
    as_loss,
    fresh,
    with_noise,
)
from vae_lab.session import gradient, ops


def try_out(test, exhibits, given):
    """Return a test's verdicts, (exhibits,): 1 where it fails, 0 where it passes."""
    verdicts = []
    for exhibit in exhibits:
        try:
            said = test(given(exhibit.code))
        except AssertionError:
            verdicts.append(1)
            continue
        if said is ... or (said is None and has_dots(test)):
            return ...
        if said is not None:
            raise NotYet(
                "a test speaks by `assert`: nobody reads what it returns, and in "
                "pytest yours would always pass. It returned a result of type "
                f"{type(said).__name__}: write `assert` in place of `return`."
            )
        verdicts.append(0)
    return np.array(verdicts)


def asserting(holds):
    """Return the test that asserts what a function of the code returns."""

    def test(code):
        assert holds(code)

    return test


def name_failures(exhibits, verdicts):
    """Put verdicts into words: the exhibits that fail."""
    named = [exhibit.name for exhibit, failed in zip(exhibits, verdicts) if failed]
    if len(named) in (0, len(exhibits)):
        return f"{'all' if named else 'none'} of the {len(exhibits)} fail"
    return f"{len(named)} of {len(exhibits)} fail: {'; '.join(named)}"


def name_misjudged(exhibits, verdicts, truths):
    """Say which exhibit is misjudged first, why, and how many more are."""
    wrong = [
        exhibit
        for exhibit, verdict, truth in zip(exhibits, verdicts, truths)
        if verdict != truth
    ]
    first, *others = wrong
    judged = "passes, and it is faulty" if first.faulty else "fails, and it is sound"
    are = "is" if len(others) == 1 else "are"
    more = f" {len(others)} more {are} misjudged." if others else ""
    return f'the exhibit "{first.name}" {judged}: {first.why}.{more}'


def exercise(name, solution, exhibits, given, expected, mistakes, fact):
    """Make the exercise of writing one test."""
    return Exercise(
        name=name,
        solution=solution,
        cases=[(exhibits,)],
        expected=expected,
        mistakes={words: asserting(holds) for words, holds in mistakes.items()},
        fact=fact,
        run=partial(try_out, given=given),
        show=partial(name_failures, exhibits),
        tell=partial(name_misjudged, exhibits),
    )


# 12.1: samplers


def test_sampler(sampler):
    for z_log_var in (-2.0, 2.0):
        rows = np.full((20_000, 1), z_log_var, "float32")
        z = ops.convert_to_numpy(sampler(np.ones_like(rows), rows))
        z_std = np.exp(0.5 * z_log_var)
        assert abs(z.mean() - 1) < 0.05 * z_std
        assert abs(z.std() / z_std - 1) < 0.05


def by_distribution(exhibits):
    """Hold the whole distribution against SciPy's, by Kolmogorov and Smirnov."""
    verdicts = []
    for exhibit in exhibits:
        worst, sampler = 0, with_noise(exhibit.code)
        for mean, z_log_var in (0.5, -2.0), (-1.0, 0.0), (2.0, 1.0):
            columns = [np.full((9_999, 1), x, "float32") for x in (mean, z_log_var)]
            z = ops.convert_to_numpy(sampler(*columns))[:, 0]
            cdf = norm(mean, np.sqrt(np.exp(z_log_var))).cdf
            worst = max(worst, kstest(z, cdf).statistic)
        verdicts.append(worst > 0.03)
    return np.array(verdicts, int)


def measure(sampler, z_mean, z_log_var, shape=(20_000, 1)):
    """Return mean and standard deviation of many draws."""
    m, v = (np.full(shape, x, "float32") for x in (z_mean, z_log_var))
    z = ops.convert_to_numpy(sampler(m, v))
    return z.mean(), z.std()


def close(found, wanted, tolerance=0.05):
    return abs(found - wanted) < tolerance * max(1.0, abs(wanted))


def holds(sampler, z_mean, z_log_var, tolerance=0.05, **kwargs):
    """Tell whether mean and width are right, for one mean and one log variance."""
    mean, std = measure(sampler, z_mean, z_log_var, **kwargs)
    wanted = np.exp(0.5 * z_log_var)
    return close(mean, z_mean) and abs(std / wanted - 1) < tolerance


def at(*point, **options):
    return lambda sampler: holds(sampler, *point, **options)


def at_both(sampler, **options):
    return all(holds(sampler, 1.0, v, **options) for v in (-2.0, 2.0))


def widths_are(factor):
    """Return a test that wants exp(factor * z_log_var), and forgets the mean."""

    def test(sampler):
        widths = [measure(sampler, 1.0, v)[1] for v in (-2.0, 2.0)]
        return np.allclose(widths, np.exp([-2 * factor, 2 * factor]), rtol=0.05)

    return test


def grows(sampler):
    widths = [measure(sampler, 1.0, v)[1] for v in (-2.0, 0.0, 2.0)]
    return widths[0] < widths[1] < widths[2]


def differs(sampler):
    return measure(sampler, 1.0, -2.0) != measure(sampler, 1.0, -2.0)


# 12.2: losses


def probe(batch=4, latent_dim=2, seed=12):
    """Return images, two reconstructions, z_mean and z_log_var to try a loss on."""
    rng = np.random.default_rng(seed)
    shape = (batch, 28, 28, 1)
    images, guess, other = rng.uniform(0.2, 0.8, size=(3, *shape))
    z_mean = rng.normal(1, 0.5, size=(batch, latent_dim))
    z_log_var = rng.uniform(-2, -1, size=(batch, latent_dim))
    return [
        part.astype("float32") for part in (images, guess, other, z_mean, z_log_var)
    ]


def nats(images, reconstruction, z_mean, z_log_var):
    """Return both terms by NumPy, nats per image."""
    x, p, m, v = (
        np.asarray(part, "float64")
        for part in (images, reconstruction, z_mean, z_log_var)
    )
    cost = -(x * np.log(p) + (1 - x) * np.log(1 - p))
    return cost.sum() / len(x), 0.5 * (m**2 + np.exp(v) - 1 - v).sum() / len(x)


def betas(loss, batch=4, latent_dim=2, moves=((1, 0), (0, 1)), alike=False):
    """Return the beta that a loss shows when only mean or only log variance moves."""
    x, p, other, m, v = probe(batch, latent_dim)
    v = m if alike else v
    start = x, p, 0 * m, 0 * v
    steps = [(x, other, 0 * m, 0 * v)]
    steps += [(x, p, a * m, b * v) for a, b in moves]
    changes = [float(loss(*step)) - float(loss(*start)) for step in steps]
    truths = [sum(nats(*step)) - sum(nats(*start)) for step in steps]
    per_nat = np.divide(changes, truths)
    return per_nat[1:] / per_nat[0]


def beta_is_one(**options):
    return lambda loss: np.allclose(betas(loss, **options), 1, rtol=0.03)


def test_loss(loss):
    assert beta_is_one()(loss)


def by_slopes(exhibits):
    """Hold backpropagated slopes against derivatives taken by hand."""
    x, p, _, m, v = probe(batch=3, seed=5)
    by_hand = [(p - x) / (p * (1 - p)), m, (np.exp(v) - 1) / 2]
    verdicts = []
    for exhibit in exhibits:
        code = exhibit.code
        slopes = gradient(lambda p, m, v, code=code: code(x, p, m, v), p, m, v)
        scale = slopes[0].sum() / by_hand[0].sum()
        sound = [
            np.allclose(found, scale * wanted, rtol=0.02, atol=1e-3 * abs(scale))
            for found, wanted in zip(slopes, by_hand)
        ]
        verdicts.append(not all(sound))
    return np.array(verdicts, int)


def in_nats(loss):
    x, p, _, m, v = probe()
    return np.isclose(float(loss(x, p, m, v)), sum(nats(x, p, m, v)), rtol=1e-4)


def rises(loss):
    x, p, _, m, v = probe()
    return float(loss(x, p, m, v)) > float(loss(x, p, 0 * m, 0 * v))


def is_positive(loss):
    x, p, _, m, v = probe()
    return float(loss(x, p, m, v)) > 0


def by_value(loss):
    """Take the loss of black and white images for the worth of its nats."""
    x, p, _, m, v = probe()
    x = np.rint(x)
    start = x, p, 0 * m, 0 * v
    value = float(loss(*start))
    changes = [float(loss(x, p, *kl)) - value for kl in [(m, 0 * v), (0 * m, v)]]
    truths = [nats(x, p, *kl)[1] for kl in [(m, 0 * v), (0 * m, v)]]
    worth = value / nats(*start)[0]
    return np.allclose(np.divide(changes, truths) / worth, 1, rtol=0.03)


def between(low, high):
    return lambda loss: bool(np.all((betas(loss) > low) & (betas(loss) < high)))


# 12.3: splits


def test_split(split):
    x_train, x_test = (np.rint(255 * part).astype("uint8") for part in split)
    seen = {image.tobytes() for image in x_train}
    assert not any(image.tobytes() in seen for image in x_test)


def by_distance(exhibits):
    """Find the nearest training image of each test image."""
    verdicts = []
    for exhibit in exhibits:
        x_train, x_test = (part.reshape(len(part), -1) for part in exhibit.code())
        verdicts.append(cdist(x_test, x_train, "chebyshev").min() < 1e-3)
    return np.array(verdicts, int)


def leaks(x_train, x_test):
    """Tell of each test image whether it is in the training set."""
    difference = [np.abs(x_train - image).max(axis=(1, 2, 3)) for image in x_test]
    return np.array(difference).min(axis=1) < 1e-3


def same_bytes(split):
    seen = {image.tobytes() for image in split[0]}
    return not any(image.tobytes() in seen for image in split[1])


def no_doubles(split):
    joined = np.rint(255 * np.concatenate(split)).astype("uint8")
    return len(np.unique(joined.reshape(len(joined), -1), axis=0)) == len(joined)


def far_apart(split):
    x_train, x_test = (part.reshape(len(part), -1) for part in split)
    return bool(cdist(x_test, x_train).min() > 1)


def by_ink(split):
    ink = [np.rint(255 * part).sum(axis=(1, 2, 3)) for part in split]
    return not set(ink[0]) & set(ink[1])


def by_place(split):
    x_train, x_test = split
    differences = np.abs(x_train[: len(x_test)] - x_test).max(axis=(1, 2, 3))
    return bool(differences.min() > 1e-3)


EVERYTHING = "it fails on every exhibit, and {} of them are sound: {}"
NOTHING = "it passes every exhibit, the faulty ones too: {}"

EXERCISES = {
    "12.1": exercise(
        "test_sampler",
        test_sampler,
        SAMPLERS,
        with_noise,
        by_distribution,
        {
            NOTHING.format(
                "is there an `assert` with a comparison? `assert (a, b)` with "
                "parentheses holds a tuple, which is always true."
            ): lambda sampler: True,
            EVERYTHING.format(
                "five",
                "take 10,000 rows or more and allow 5 % for chance; do not compare a "
                "variance with a standard deviation, nor draws with draws of your own.",
            ): lambda sampler: False,
            "the verdicts are turned around: `assert` what holds of *sound* code.": (
                lambda sampler: not at_both(sampler)
            ),
            "it wants exp(z_log_var) for a width, so it passes the original and fails "
            "the sound ones: the standard deviation is exp(0.5 * "
            "z_log_var).": widths_are(1),
            "at z_log_var = 0 every one of these widths is 1: try a log variance far "
            "from 0, and the original fails.": at(1.0, 0.0),
            "at z_mean = 0 and z_log_var = 0 a sampler may forget either of them: try "
            "other values.": at(0.0, 0.0),
            "the mean alone says nothing of the width: measure the standard deviation "
            "too.": lambda sampler: close(measure(sampler, 1.0, -2.0)[0], 1.0),
            "the widths are watched, the mean is not: compare it with z_mean too, at a "
            "z_mean other than 0.": widths_are(0.5),
            "that the width grows with z_log_var is not enough: compare it with a "
            "number.": grows,
            "it asks only whether there is any noise: measure how much.": differs,
            "it tries one z_log_var, so a sampler whose width never changes passes: "
            "try two.": at(1.0, -2.0),
            "the exhibit with 0.6 for 0.5 passes. Is the tolerance wide? 10,000 draws "
            "tell a standard deviation to 1 %: allow 5 %. Or do your log variances "
            "mix? Then narrow and wide clouds average out: measure each one "
            "alone.": partial(at_both, tolerance=0.5),
            "it tries one z_log_var, with so wide a tolerance that the exhibit with "
            "0.6 for 0.5 passes: try two, and allow 5 %.": (
                at(1.0, -2.0, tolerance=0.5)
            ),
            "a batch of one row cannot show that all rows get the same noise: put the "
            "draws into the rows.": partial(at_both, shape=(1, 20_000)),
        },
        "A test sees what it measures: uniform noise of variance 1 passes one that "
        "looks at mean and width, and fails the Kolmogorov-Smirnov test of lab 3.",
    ),
    "12.2": exercise(
        "test_loss",
        test_loss,
        LOSSES,
        as_loss,
        by_slopes,
        {
            NOTHING.format(
                "is there an `assert` with a comparison in it, and does the KL move "
                "between your calls? A pair in parentheses is always true."
            ): lambda loss: True,
            EVERYTHING.format(
                "six",
                "divide the change of the loss by the change in nats, for each term, "
                "and compare the two quotients, to within 1 %: float32 keeps seven "
                "digits, so == and 1e-7 ask too much.",
            ): lambda loss: False,
            "the verdicts are turned around: `assert` what holds of *sound* "
            "code.": lambda loss: not beta_is_one()(loss),
            "it wants nats per image and nothing else, so it fails sound losses in "
            "bits, in nats per pixel or counted from a copy: compare *changes*, and "
            "only their ratio.": in_nats,
            "for a nat's worth it divides the loss itself by nats: a constant must "
            "drop out, so use changes of the loss.": by_value,
            "it wants a positive loss: a constant must drop out, and -1,000 is "
            "one.": lambda loss: beta_is_one()(loss) and is_positive(loss),
            "with one latent unit a mean over the units is a sum: use two or "
            "more.": beta_is_one(latent_dim=1),
            "with one image a sum over the batch is a mean: use two or "
            "more.": beta_is_one(batch=1),
            "only z_mean moves, so a KL that is wrong in z_log_var passes: move "
            "both.": beta_is_one(moves=[(1, 0)]),
            "only z_log_var moves, so a KL that is wrong in z_mean passes: move "
            "both.": beta_is_one(moves=[(0, 1)]),
            "z_mean and z_log_var move at once and alike, so a KL that exchanges "
            "them passes: move one at a time.": beta_is_one(moves=[(1, 1)], alike=True),
            "that the loss rises with the KL says that beta is positive: compare it "
            "with 1.": rises,
            "the tolerance is so wide that a beta of 0.9 passes: nothing here is "
            "random, so 1 % is enough.": between(0.8, 1.25),
            "a beta between 0.3 and 2 is not 1, and the original's 0.392 passes: "
            "compare with 1 to within 1 %.": between(0.3, 2),
            "it wants the original's beta of 0.392, and fails the sound ones.": between(
                0.39, 0.394
            ),
        },
        "It needs no look into the code: changes of the inputs weigh the two terms.",
    ),
    "12.3": exercise(
        "test_split",
        test_split,
        SPLITS,
        fresh,
        by_distance,
        {
            NOTHING.format(
                "counts, shapes and averages do not tell. Look for each test image "
                "among all training images."
            ): lambda split: split[0].mean() != split[1].mean(),
            EVERYTHING.format(
                "four",
                "NumPy's `image in x_train` asks whether any single *pixel* agrees, "
                "and so does `(a == b).any()`. All 784 pixels must agree at once.",
            ): lambda split: split[1][0] not in split[0],
            "the verdicts are turned around: `assert` what holds of a *sound* split.": (
                lambda split: leaks(*split).any()
            ),
            "it compares image 0 with image 0, 1 with 1, and so on: a leak may stand "
            "anywhere, so compare each test image with all training "
            "images.": by_place,
            "it does not look for *every* test image: one at the end may be the one "
            "that leaked.": lambda split: not leaks(*split)[0],
            "it fails only where *all* test images are in the training set: one is "
            "too many, so use `any`.": lambda split: not leaks(*split).all(),
            "the same image in float32 and in float64 differs in the eighth digit, and "
            "the leak in float64 passes: round to whole 255ths before you compare "
            "bytes or use ==.": same_bytes,
            "a double *within* the training set makes it fail: look only for test "
            "images among training images.": no_doubles,
            "look-alikes make it fail: similar is not the same. Allow less than 1/255 "
            "in any pixel.": far_apart,
            "two images with the same ink need not be the same image: it fails mirror "
            "images. Compare pixel by pixel.": by_ink,
        },
        "MNIST goes one step further: nobody who wrote a digit of its training set "
        "wrote one of its test set.",
    ),
}
