package dev.lanewise.nn.data;

/**
 * Brings each feature to mean 0 and standard deviation 1, as scikit-learn's {@code StandardScaler}
 * does: {@code (x − mean) / deviation}, where the variance is the mean of the squared distances
 * from the mean. {@link Scaler} says what a feature is, and what becomes of NaN.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   FittedScaler fitted = new StandardScaler().fit(Iris.load());
 *   IO.println(fitted.centers()[0]); // 5.84…, the mean length of a sepal
 *   IO.println(fitted.spreads()[0]); // 0.825…, its standard deviation
 * }
 * }
 */
public record StandardScaler() implements Scaler {}
