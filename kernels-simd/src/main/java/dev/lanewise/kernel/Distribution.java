package dev.lanewise.kernel;

/** How random numbers are spread. */
public enum Distribution {
  /** Evenly over [0, 1): multiples of 2⁻²⁴ for 32-bit floats, of 2⁻⁵³ for 64-bit ones. */
  UNIFORM,
  /** The bell curve with mean 0 and standard deviation 1, by the Box–Muller method. */
  NORMAL
}
