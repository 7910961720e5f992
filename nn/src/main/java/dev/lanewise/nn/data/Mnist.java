package dev.lanewise.nn.data;

import dev.lanewise.io.FileFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder laid out like MNIST: 28 x 28 grey images of ten classes, in four IDX files.
 *
 * <p>The files are {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, {@code
 * t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, each plain or with the ending {@code
 * .gz}; where both are there, the plain one is read.
 *
 * {@snippet :
 * import dev.lanewise.nn.data.Mnist;
 * import java.nio.file.Path;
 *
 * void main(String[] args) throws Exception {
 *   var mnist = Mnist.load(Path.of(args[0]));
 *   IO.println(mnist.train() + " and " + mnist.test());
 * }
 * }
 */
public final class Mnist {
  private static final int SIDE = 28;
  private static final List<String> CLASS_NAMES =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

  private Mnist() {}

  /**
   * Reads the four files of a folder; the class names are the digits 0 to 9.
   *
   * @param dir the folder
   * @return the images {@code [n, 28, 28]}, each pixel from 0 (background) to 1, and their labels
   * @throws NoSuchFileException if a file is missing
   * @throws FileFormatException if a file is damaged, if the images are not 28 x 28, if there are
   *     not as many labels as images, or if a label is above 9
   * @throws IOException if a file cannot be read
   */
  public static TrainTestSplit load(Path dir) throws IOException {
    return load(dir, CLASS_NAMES, "get the four files of MNIST");
  }

  /** Reads a folder of other classes; {@code cure} says how to get the files. */
  static TrainTestSplit load(Path dir, List<String> classNames, String cure) throws IOException {
    // All four are looked for before the first is read: an incomplete folder fails at once.
    Path trainImages = locate(dir, "train-images-idx3-ubyte", cure);
    Path trainLabels = locate(dir, "train-labels-idx1-ubyte", cure);
    Path testImages = locate(dir, "t10k-images-idx3-ubyte", cure);
    Path testLabels = locate(dir, "t10k-labels-idx1-ubyte", cure);
    return new TrainTestSplit(
        read(trainImages, trainLabels, classNames), read(testImages, testLabels, classNames));
  }

  private static Path locate(Path dir, String name, String cure) throws NoSuchFileException {
    Path plain = dir.resolve(name);
    Path gzip = dir.resolve(name + ".gz");
    if (Files.exists(plain)) {
      return plain;
    }
    if (Files.exists(gzip)) {
      return gzip;
    }
    throw new NoSuchFileException(
        plain.toString(),
        null,
        "no such file, nor with .gz; "
            + cure
            + ", or name their folder: load(dir), --data-dir on the command line");
  }

  private static LabeledDataset read(Path imagesPath, Path labelsPath, List<String> classNames)
      throws IOException {
    IdxFile labelsFile = readBytes(labelsPath, 1);
    int[] labels = labels(labelsFile, classNames.size());
    IdxFile imagesFile = readBytes(imagesPath, 3);
    int[] dims = imagesFile.dims();
    if (dims[0] == 0) {
      throw new FileFormatException(imagesFile.name(), 4, "at least one image", "none");
    }
    for (int axis = 1; axis <= 2; axis++) {
      if (dims[axis] != SIDE) {
        throw new FileFormatException(
            imagesFile.name(), 4 + 4 * axis, "images of 28 x 28", dims[1] + " x " + dims[2]);
      }
    }
    if (labels.length != dims[0]) {
      throw new FileFormatException(
          labelsFile.name(),
          4,
          dims[0] + " labels, one for each image of " + imagesFile.name(),
          labels.length + "");
    }
    return LabeledDataset.of(
        pixels(imagesFile.bytes()), new int[] {SIDE, SIDE}, labels, classNames);
  }

  private static IdxFile readBytes(Path path, int rank) throws IOException {
    IdxFile idx = IdxFile.read(path);
    if (idx.type() != IdxFile.Type.UBYTE) {
      throw new FileFormatException(idx.name(), 2, "elements of type UBYTE", "" + idx.type());
    }
    if (idx.dims().length != rank) {
      throw new FileFormatException(
          idx.name(), 3, rank + (rank == 1 ? " dimension" : " dimensions"), "" + idx.dims().length);
    }
    return idx;
  }

  private static int[] labels(IdxFile file, int classes) throws FileFormatException {
    byte[] bytes = file.bytes();
    int[] labels = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      labels[i] = bytes[i] & 0xff;
      if (labels[i] >= classes) {
        throw new FileFormatException(
            file.name(), file.offset(i), "a label from 0 to " + (classes - 1), "" + labels[i]);
      }
    }
    return labels;
  }

  private static float[] pixels(byte[] bytes) {
    float[] scaled = new float[256];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = i / 255f;
    }
    float[] pixels = new float[bytes.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = scaled[bytes[i] & 0xff];
    }
    return pixels;
  }
}
