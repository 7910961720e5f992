package dev.lanewise.nn.data;

import dev.lanewise.io.FileFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Fashion-MNIST: 60,000 training and 10,000 test images of clothes, 28 x 28 grey pixels, ten
 * classes of the same size (Xiao, Rasul and Vollgraf, 2017, arXiv:1708.07747).
 *
 * <p>The images are not part of Lanewise. Debian and its relatives have them as a package ({@code
 * apt-get install dataset-fashion-mnist}); the four files of the <a
 * href="https://github.com/zalandoresearch/fashion-mnist">original</a> do as well.
 *
 * {@snippet :
 * import dev.lanewise.nn.data.FashionMnist;
 *
 * void main() throws Exception {
 *   var fashion = FashionMnist.load();
 *   int label = fashion.train().labels()[0];
 *   IO.println(fashion.train().classNames().get(label)); // Ankle boot
 * }
 * }
 */
public final class FashionMnist {
  /** The folder into which Debian's package {@code dataset-fashion-mnist} puts the files. */
  public static final Path DEFAULT_DIR = Path.of("/usr/share/datasets/fashion-mnist");

  private static final List<String> CLASS_NAMES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private FashionMnist() {}

  /** {@return {@link #DEFAULT_DIR} if there is such a folder, else nothing} */
  public static Optional<Path> find() {
    return Optional.of(DEFAULT_DIR).filter(Files::isDirectory);
  }

  /**
   * Reads the files of {@link #DEFAULT_DIR}.
   *
   * @return the images {@code [n, 28, 28]}, each pixel from 0 (background) to 1, and their labels
   * @throws NoSuchFileException if a file is missing; the message says how to get it
   * @throws FileFormatException if a file is not what it should be
   * @throws IOException if a file cannot be read
   */
  public static TrainTestSplit load() throws IOException {
    return load(DEFAULT_DIR);
  }

  /**
   * Reads the files of a folder, which is laid out as {@link Mnist} says.
   *
   * @param dir the folder
   * @return the images {@code [n, 28, 28]}, each pixel from 0 (background) to 1, and their labels
   * @throws NoSuchFileException if a file is missing; the message says how to get it
   * @throws FileFormatException if a file is not what it should be: see {@link Mnist#load}
   * @throws IOException if a file cannot be read
   */
  public static TrainTestSplit load(Path dir) throws IOException {
    return Mnist.load(dir, CLASS_NAMES, "install Debian's package dataset-fashion-mnist");
  }
}
