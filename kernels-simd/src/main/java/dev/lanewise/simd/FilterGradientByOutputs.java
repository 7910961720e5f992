package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.simd.gemm.IndirectDots;

/**
 * The lanes are outputs of a row: each weight is a dot product of the outputs' gradient with what
 * its tap meets. For groups of few channels and filters, as in a depthwise convolution.
 */
final class FilterGradientByOutputs extends FilterGradient {
  private final PaddedPlanes image;
  private final IndirectDots dots;
  private long[] rows;

  FilterGradientByOutputs(ConvSpec spec, DType dtype) {
    super(spec, dtype);
    this.image = PaddedPlanes.of(planes, bytes);
    this.dots = dtype == DType.F32 ? IndirectDots.F32 : IndirectDots.F64;
  }

  @Override
  boolean isReasonable() {
    return image.isReasonable(planes, channels);
  }

  @Override
  long sumsOfGroup() {
    return (long) filters * channels * taps * lanes;
  }

  @Override
  void prepare() {
    rows = new long[taps];
    for (int tap = 0; tap < taps; tap++) {
      rows[tap] = image.offsetOfTap(planes, tap) * bytes;
    }
    int calls = Math.ceilDiv(taps, IndirectDots.ROWS);
    long lines = spec.output().size() / planes.out[2];
    dots.warmUp(taps / calls, lines);
    dots.warmUp(Math.ceilDiv(taps, calls), lines);
  }

  @Override
  long memory() {
    return channels * image.planeSize() + image.extent[2];
  }

  @Override
  void add(long memory, long x, long grad, long sums) {
    image.fill(x, channels, 0, 0, memory);
    int calls = Math.ceilDiv(taps, IndirectDots.ROWS);
    long target = sums;
    for (int k = 0; k < filters; k++) {
      for (int c = 0; c < channels; c++) {
        long plane = memory + c * image.planeSize() * bytes;
        for (int call = 0; call < calls; call++) {
          int first = (int) ((long) taps * call / calls);
          int count = (int) ((long) taps * (call + 1) / calls) - first;
          for (int j0 = 0; j0 < planes.out[0]; j0++) {
            dots.run(
                count,
                planes.out[1],
                planes.out[2],
                plane + (long) j0 * image.extent[1] * image.pitch * bytes,
                rows,
                first,
                (long) image.pitch * bytes,
                grad + (k * outSize + (long) j0 * planes.out[1] * planes.out[2]) * bytes,
                (long) planes.out[2] * bytes,
                target);
          }
          target += (long) count * lanes * bytes;
        }
      }
    }
  }

  @Override
  Finish finish() {
    return PartialSums.ofRows(dtype, spec.filter().size(), lanes)::run;
  }
}
