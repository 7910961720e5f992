package dev.lanewise.nn.init;

/** Makes vectors stand at right angles to each other. */
final class GramSchmidt {
  private GramSchmidt() {}

  /**
   * {@return vectors of length 1 at right angles that span what the given ones span, one after the
   * other} From normally distributed numbers every such basis is equally likely: this is the Q of a
   * QR decomposition whose R has a positive diagonal (F. Mezzadri, "How to generate random matrices
   * from the classical compact groups", 2007, section 5).
   *
   * @param values the vectors, one after the other, in double because the last ones lose digits
   * @param count how many, at most {@code length}
   * @param length how long each is
   */
  static double[][] basis(double[] values, int count, int length) {
    double[][] basis = new double[count][length];
    for (int i = 0; i < count; i++) {
      double[] next = basis[i];
      System.arraycopy(values, i * length, next, 0, length);
      for (int j = 0; j < i; j++) {
        addScaled(-dot(next, basis[j]), basis[j], next);
      }
      addScaled(1 / Math.sqrt(dot(next, next)) - 1, next, next);
    }
    return basis;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private static void addScaled(double factor, double[] x, double[] to) {
    for (int i = 0; i < x.length; i++) {
      to[i] += factor * x[i];
    }
  }
}
