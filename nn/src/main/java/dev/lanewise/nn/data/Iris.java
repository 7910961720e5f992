package dev.lanewise.nn.data;

import java.util.List;

/**
 * 150 iris flowers of three species, four measurements each, part of this library: the classic
 * table for a first classifier.
 *
 * <p>From R. A. Fisher, "The use of multiple measurements in taxonomic problems", Annals of
 * Eugenics 7, 1936; public domain, as scikit-learn distributes it.
 *
 * {@snippet :
 * import dev.lanewise.nn.data.Iris;
 *
 * void main() {
 *   var iris = Iris.load();
 *   IO.println(iris.classNames()); // [setosa, versicolor, virginica]
 *   IO.println(iris.features()[0]); // 5.1, the sepal length of the first flower in cm
 * }
 * }
 */
public final class Iris {
  private static final BundledTable TABLE =
      new BundledTable(
          "iris.csv",
          List.of("150,4,setosa,versicolor,virginica"),
          150,
          new int[] {4},
          10,
          1,
          List.of("setosa", "versicolor", "virginica"));

  private Iris() {}

  /**
   * {@return the flowers {@code [150, 4]} and their species, 0 to 2; a new copy each time} The
   * columns are sepal length, sepal width, petal length and petal width in centimetres, from 0.1 to
   * 7.9 and not scaled. The flowers are sorted by species: shuffle or split them before training.
   *
   * @throws java.io.UncheckedIOException if the library's jar is damaged
   */
  public static LabeledDataset load() {
    return TABLE.load();
  }
}
