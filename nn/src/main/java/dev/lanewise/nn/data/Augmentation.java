package dev.lanewise.nn.data;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Philox;
import dev.lanewise.nn.internal.Checks;
import java.util.ArrayList;
import java.util.List;

/**
 * Random changes of images that leave their classes what they are: a model that sees each image
 * anew in every epoch learns less by heart. For training alone, not for validation and test.
 *
 * <p>The first input of a batch must be images, {@code [n, c, h, w]}, f32 or f64; {@link
 * LabeledDataset#reshape} makes them of {@code [n, h, w]}. Each image is changed by a draw of its
 * own. Other inputs, targets and weights pass through, and so do the gradients. The same state of
 * the generator gives the same images, bit by bit.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var augmentation =
 *       Augmentation.shift(1).andThen(Augmentation.rotate(10)).andThen(Augmentation.noise(0.05));
 *   var digits = Digits.load().first(32).reshape(1, 8, 8);
 *   var batch = Batch.of(digits.x(), digits.y());
 *   var changed = augmentation.apply(batch, new Generator(42));
 *   IO.println(changed.x().shape()); // [32, 1, 8, 8]
 * }
 * }
 */
public final class Augmentation implements BatchTransform {
  /** A change of images {@code [n, c, h, w]}. */
  private interface Change {
    Tensor apply(Tensor images, Generator random);
  }

  private final BatchTransform transform;

  private Augmentation(BatchTransform transform) {
    this.transform = transform;
  }

  private static Augmentation of(String name, Change change) {
    return new Augmentation(
        (batch, random) -> {
          List<Tensor> inputs = new ArrayList<>(batch.inputs());
          inputs.set(0, change.apply(images(name, batch.x()), random));
          return new Batch(inputs, batch.targets(), batch.weights());
        });
  }

  private static Tensor images(String name, Tensor x) {
    if (x.shape().rank() != 4) {
      String cure =
          x.shape().rank() == 3
              ? "; give the data set's images a channel by reshape(1, %d, %d)"
                  .formatted(x.shape().dim(1), x.shape().dim(2))
              : "";
      throw new ShapeException(
          "Augmentation.%s: images must be [n, c, h, w], not %s%s"
              .formatted(name, x.shape(), cure));
    }
    if (!x.dtype().isCompute()) {
      throw new DTypeException(
          "Augmentation.%s: images must be f32 or f64, not %s; cast them first"
              .formatted(name, x.dtype()));
    }
    return x;
  }

  /**
   * {@return the changed batch}
   *
   * @param batch its first input is images
   * @param random the source of the draws
   * @throws ShapeException if the first input is not {@code [n, c, h, w]}, or images are too small
   * @throws DTypeException if it is not f32 or f64
   */
  @Override
  public Batch apply(Batch batch, Generator random) {
    return transform.apply(batch, random);
  }

  /**
   * {@return this change, and then another}
   *
   * @param next the other
   */
  public Augmentation andThen(BatchTransform next) {
    return new Augmentation((batch, random) -> next.apply(apply(batch, random), random));
  }

  /** {@return every second image, by chance, with left and right changed over} */
  public static Augmentation horizontalFlip() {
    return horizontalFlip(0.5);
  }

  /**
   * {@return some images with left and right changed over}
   *
   * @param share how likely it is for an image, from 0 to 1
   * @throws IllegalArgumentException if it is out of range
   */
  public static Augmentation horizontalFlip(double share) {
    return flip("horizontalFlip", -1, share);
  }

  /** {@return every second image, by chance, upside down} */
  public static Augmentation verticalFlip() {
    return verticalFlip(0.5);
  }

  /**
   * {@return some images upside down}
   *
   * @param share how likely it is for an image, from 0 to 1
   * @throws IllegalArgumentException if it is out of range
   */
  public static Augmentation verticalFlip(double share) {
    return flip("verticalFlip", -2, share);
  }

  private static Augmentation flip(String name, int axis, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "Augmentation.%s: the share must be from 0 to 1, not %s".formatted(name, share));
    }
    return of(
        name,
        (x, random) -> {
          double[] draws = uniform(random, x.shape().dim(0));
          Tensor mask = perImage(x, draws).lt(share);
          return Tensor.where(mask, x.flip(axis), x);
        });
  }

  /**
   * {@return images moved by whole pixels, up and down and left and right; what comes in is 0}
   *
   * @param pixels how far at most, at least 0; each step from {@code -pixels} to {@code pixels} is
   *     as likely, along both axes
   * @throws IllegalArgumentException if it is negative
   */
  public static Augmentation shift(int pixels) {
    requireNotNegative("shift", "the distance", pixels);
    return of(
        "shift",
        (x, random) -> Windows.random(x, x.shape().dim(2), x.shape().dim(3), pixels, random));
  }

  /**
   * {@return a part of each image, at a random place: {@code [n, c, height, width]}}
   *
   * @param height how many rows of pixels, at least 1
   * @param width how many columns, at least 1
   * @param padding how many pixels of 0 are put around the image before, at least 0
   * @throws IllegalArgumentException if a number is out of range; {@link #apply} throws a {@link
   *     ShapeException} if the padded images are smaller
   */
  public static Augmentation crop(int height, int width, int padding) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "Augmentation.crop: height and width must be at least 1, not %d and %d"
              .formatted(height, width));
    }
    requireNotNegative("crop", "the padding", padding);
    return of(
        "crop",
        (x, random) -> {
          Shape shape = x.shape();
          if (height > shape.dim(2) + 2L * padding || width > shape.dim(3) + 2L * padding) {
            throw new ShapeException(
                "Augmentation.crop: images %s with padding %d are smaller than %d x %d"
                    .formatted(shape, padding, height, width));
          }
          return Windows.random(x, height, width, padding, random);
        });
  }

  /**
   * {@return images turned about their middle, by bilinear interpolation; what comes in is 0}
   *
   * @param degrees how far at most, either way, from 0 to 180; all angles are as likely
   * @throws IllegalArgumentException if it is out of range
   */
  public static Augmentation rotate(double degrees) {
    if (!(degrees >= 0 && degrees <= 180)) {
      throw new IllegalArgumentException(
          "Augmentation.rotate: the angle must be from 0 to 180 degrees, not " + degrees);
    }
    double most = Math.toRadians(degrees);
    return of(
        "rotate",
        (x, random) -> {
          double[] draws = uniform(random, x.shape().dim(0));
          return Warp.apply(x, n -> Warp.turn(most * (2 * draws[n] - 1)));
        });
  }

  /**
   * {@return images made larger or smaller about their middle, by bilinear interpolation; what
   * comes in is 0}
   *
   * @param least the smallest factor, above 0: below 1 makes images smaller
   * @param most the largest factor; all between are as likely
   * @throws IllegalArgumentException if they are out of range or order
   */
  public static Augmentation zoom(double least, double most) {
    if (!(least > 0 && least <= most && Double.isFinite(most))) {
      throw new IllegalArgumentException(
          "Augmentation.zoom: the factors must be a number above 0 and one that is not smaller, not %s and %s"
              .formatted(least, most));
    }
    return of(
        "zoom",
        (x, random) -> {
          double[] draws = uniform(random, x.shape().dim(0));
          return Warp.apply(x, n -> Warp.zoom(least + (most - least) * draws[n]));
        });
  }

  /**
   * {@return images with a number added to all pixels, the same for one image} Pixels may leave the
   * range they were in.
   *
   * @param most how large the number is at most, either way, at least 0; all are as likely
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public static Augmentation brightness(double most) {
    Checks.notNegative("Augmentation.brightness: the number", most);
    return of(
        "brightness",
        (x, random) -> {
          double[] added = uniform(random, x.shape().dim(0));
          for (int n = 0; n < added.length; n++) {
            added[n] = most * (2 * added[n] - 1);
          }
          return x.add(perImage(x, added));
        });
  }

  /**
   * {@return images with normal noise added to each pixel} Pixels may leave the range they were in.
   *
   * @param deviation the standard deviation, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public static Augmentation noise(double deviation) {
    Checks.notNegative("Augmentation.noise: the deviation", deviation);
    return of(
        "noise",
        (x, random) -> {
          Tensor normal =
              Tensor.random(x.backend(), x.dtype(), Distribution.NORMAL, random, x.shape());
          return x.add(normal.mul(deviation));
        });
  }

  private static void requireNotNegative(String name, String what, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          "Augmentation.%s: %s must be at least 0, not %d".formatted(name, what, value));
    }
  }

  /** {@return numbers evenly over [0, 1), those of the generator's next stream} */
  static double[] uniform(Generator random, int count) {
    Philox philox = new Philox(random.seed());
    long stream = random.nextStream();
    double[] draws = new double[count];
    for (int i = 0; i < count; i++) {
      draws[i] = philox.sample(Distribution.UNIFORM, stream, i, false);
    }
    return draws;
  }

  /** {@return numbers, one for each image, in its type, to broadcast over {@code [n, c, h, w]}} */
  private static Tensor perImage(Tensor x, double[] numbers) {
    return Tensor.of(x.backend(), numbers, numbers.length, 1, 1, 1).cast(x.dtype());
  }
}
