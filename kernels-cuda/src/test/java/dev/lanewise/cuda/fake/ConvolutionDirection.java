package dev.lanewise.cuda.fake;

import java.util.List;

/**
 * The three convolutions with their algorithms, the fastest first, as the heuristics give them.
 * Which are deterministic is what the documentation of their enums says; workspaces and the order
 * are the double's own.
 */
enum ConvolutionDirection {
  FORWARD(
      List.of(
          new Algorithm(7, true, 8, Demand.WINOGRAD_NONFUSED),
          new Algorithm(1, true, 2, Demand.NONE),
          new Algorithm(2, true, 4, Demand.PLAIN),
          new Algorithm(0, true, 0, Demand.NONE),
          new Algorithm(6, true, 2, Demand.WINOGRAD),
          new Algorithm(5, true, 16, Demand.FFT),
          new Algorithm(4, true, 32, Demand.FFT),
          new Algorithm(3, true, 0, Demand.NEVER))),
  BACKWARD_DATA(
      List.of(
          new Algorithm(0, false, 0, Demand.NONE),
          new Algorithm(5, true, 8, Demand.WINOGRAD_NONFUSED),
          new Algorithm(1, true, 2, Demand.NONE),
          new Algorithm(4, true, 2, Demand.WINOGRAD),
          new Algorithm(3, true, 16, Demand.FFT),
          new Algorithm(2, true, 32, Demand.FFT))),
  BACKWARD_FILTER(
      List.of(
          new Algorithm(3, false, 1, Demand.NONE),
          new Algorithm(0, false, 0, Demand.NONE),
          new Algorithm(1, true, 2, Demand.NONE),
          new Algorithm(5, true, 8, Demand.WINOGRAD_NONFUSED),
          new Algorithm(6, true, 16, Demand.FFT),
          new Algorithm(2, true, 32, Demand.FFT),
          new Algorithm(4, true, 0, Demand.NEVER)));

  /** What a convolution must be like for an algorithm. */
  enum Demand {
    NONE,
    /** Two dimensions, one group, no dilation. */
    PLAIN,
    FFT,
    WINOGRAD,
    WINOGRAD_NONFUSED,
    /** The enum has it, and the library does not. */
    NEVER;

    boolean met(ConvolutionGeometry geometry) {
      return switch (this) {
        case NONE -> true;
        case PLAIN -> geometry.plain;
        case FFT -> geometry.plain && geometry.unitStride();
        case WINOGRAD -> geometry.plain && geometry.unitStrideWithTaps(3);
        case WINOGRAD_NONFUSED -> geometry.plain && geometry.unitStrideWithTaps(3, 5);
        case NEVER -> false;
      };
    }
  }

  /**
   * An algorithm.
   *
   * @param number its number in the enum of the direction
   * @param workspace bytes of workspace for each element of the output
   */
  record Algorithm(int number, boolean deterministic, int workspace, Demand demand) {

    boolean supports(ConvolutionGeometry geometry) {
      return demand.met(geometry);
    }

    long workspace(ConvolutionGeometry geometry) {
      return (long) workspace * geometry.y.count();
    }
  }

  private final List<Algorithm> algorithms;

  ConvolutionDirection(List<Algorithm> algorithms) {
    this.algorithms = algorithms;
  }

  List<Algorithm> algorithms() {
    return algorithms;
  }

  /** {@return the algorithm of a number, which must be able to do the convolution} */
  Algorithm algorithm(int number, ConvolutionGeometry geometry) {
    for (Algorithm each : algorithms) {
      if (each.number() == number) {
        CudnnContext.supported(each.supports(geometry), "%s by algorithm %d", this, number);
        return each;
      }
    }
    CudnnContext.require(false, "%s has no algorithm %d", this, number);
    throw new AssertionError();
  }
}
