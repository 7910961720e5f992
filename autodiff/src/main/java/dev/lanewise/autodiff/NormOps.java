package dev.lanewise.autodiff;

import dev.lanewise.kernel.NormSpec;

/**
 * Normalizations: most are {@code (x − mean) / √(variance + eps) · weight + bias}, with mean and
 * variance over some of the elements. A weight or a bias of {@code null} is none.
 *
 * <p>All throw {@link dev.lanewise.array.ShapeException} if a shape does not fit, {@link
 * dev.lanewise.array.DTypeException} unless all tensors are f32 or all f64, and {@link
 * IllegalArgumentException} if eps is negative.
 */
public sealed interface NormOps permits Tensor {

  /**
   * {@return layer normalization: each block of the last axes by itself}
   *
   * {@snippet :
   * Tensor normal = x.layerNorm(1, weight, bias, 1e-5);   // each row of [n, d]; weight is [d]
   * }
   *
   * @param axes how many of the last axes make a block, at least 1
   * @param weight the factors, of a block's shape, or {@code null}
   * @param bias what is added, of a block's shape, or {@code null}
   * @param eps added to the variance, at least 0
   */
  default Tensor layerNorm(int axes, Tensor weight, Tensor bias, double eps) {
    Tensor x = (Tensor) this;
    return Normalizations.normalize(
        "layerNorm", NormSpec.layer(x.shape(), axes, eps), x, weight, bias);
  }

  /**
   * {@return root mean square normalization: as {@link #layerNorm}, but the mean counts as 0}
   *
   * @param axes how many of the last axes make a block, at least 1
   * @param weight the factors, of a block's shape, or {@code null}
   * @param eps added to the mean of the squares, at least 0
   */
  default Tensor rmsNorm(int axes, Tensor weight, double eps) {
    Tensor x = (Tensor) this;
    return Normalizations.normalize("rmsNorm", NormSpec.rms(x.shape(), axes, eps), x, weight, null);
  }

  /**
   * {@return group normalization: in each sample of {@code [n, c, …]}, neighbouring channels
   * together, with all of their places}
   *
   * @param groups into how many groups the channels are cut
   * @param weight the factors, {@code [c]}, or {@code null}
   * @param bias what is added, {@code [c]}, or {@code null}
   * @param eps added to the variance, at least 0
   */
  default Tensor groupNorm(int groups, Tensor weight, Tensor bias, double eps) {
    Tensor x = (Tensor) this;
    return Normalizations.normalize(
        "groupNorm", NormSpec.group(x.shape(), groups, eps), x, weight, bias);
  }

  /**
   * {@return instance normalization: each channel of each sample of {@code [n, c, …]} by itself}
   *
   * @param weight the factors, {@code [c]}, or {@code null}
   * @param bias what is added, {@code [c]}, or {@code null}
   * @param eps added to the variance, at least 0
   */
  default Tensor instanceNorm(Tensor weight, Tensor bias, double eps) {
    Tensor x = (Tensor) this;
    int groups = x.shape().rank() < 2 ? 1 : Math.max(1, x.shape().dim(1));
    return Normalizations.normalize(
        "instanceNorm", NormSpec.group(x.shape(), groups, eps), x, weight, bias);
  }

  /**
   * {@return batch normalization as in training: each channel of {@code [n, c, …]} over all samples
   * and places, by its own mean and variance}
   *
   * @param weight the factors, {@code [c]}, or {@code null}
   * @param bias what is added, {@code [c]}, or {@code null}
   * @param eps added to the variance, at least 0
   */
  default Tensor batchNorm(Tensor weight, Tensor bias, double eps) {
    Tensor x = (Tensor) this;
    return Normalizations.normalize("batchNorm", NormSpec.batch(x.shape(), eps), x, weight, bias);
  }

  /**
   * {@return batch normalization as after training: each channel of {@code [n, c, …]} by a mean and
   * a variance that are given}
   *
   * @param mean {@code [c]}
   * @param variance {@code [c]}
   * @param weight the factors, {@code [c]}, or {@code null}
   * @param bias what is added, {@code [c]}, or {@code null}
   * @param eps added to the variance, at least 0
   */
  default Tensor batchNorm(Tensor mean, Tensor variance, Tensor weight, Tensor bias, double eps) {
    Tensor x = (Tensor) this;
    return Normalizations.byMoments(
        NormSpec.batch(x.shape(), eps), x, mean, variance, weight, bias);
  }

  /**
   * {@return local response normalization: each element of {@code [n, c, …]} over a power of what
   * the same place has in neighbouring channels, {@code x / (k + alpha · s / size)^beta}} Here s is
   * the sum of the squares over {@code size} channels, from {@code size / 2} before the element's
   * own; channels that are not there have 0. As in PyTorch, alpha is divided by size, which it is
   * not where this comes from. (Krizhevsky et al., ImageNet Classification with Deep Convolutional
   * Neural Networks, 2012, section 3.3)
   *
   * @param size over how many channels, at least 1; 5 as a rule
   * @param alpha the factor of the mean of the squares; 1e-4 as a rule
   * @param beta the exponent; 0.75 as a rule
   * @param k what is added; 1 as a rule
   * @throws IllegalArgumentException if {@code size} is less than 1
   */
  default Tensor localResponseNorm(int size, double alpha, double beta, double k) {
    return Normalizations.localResponse((Tensor) this, size, alpha, beta, k);
  }

  /**
   * {@return this over its Euclidean length along axes: {@code x / max(length, eps)}}
   *
   * {@snippet :
   * Tensor directions = vectors.l2Normalize(-1);   // each row of [n, d] has length 1
   * }
   *
   * @param axes the axes of the vectors; none given means all
   */
  default Tensor l2Normalize(int... axes) {
    return l2Normalize(axes, Norms.LEAST_LENGTH);
  }

  /**
   * {@return this over its Euclidean length along axes: {@code x / max(length, eps)}}
   *
   * @param axes the axes of the vectors; none given means all
   * @param eps the least divisor, at least 0; 1e-12 if nobody says. Vectors that are shorter, as
   *     that of zeros, are divided by it
   */
  default Tensor l2Normalize(int[] axes, double eps) {
    return Norms.normalize((Tensor) this, eps, axes);
  }
}
