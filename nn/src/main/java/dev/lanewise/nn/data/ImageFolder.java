package dev.lanewise.nn.data;

import dev.lanewise.io.FileFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Images in a folder that has one folder for each class: {@code pets/cat/1.png}, {@code
 * pets/dog/2.jpg}, …
 *
 * <p>The classes are the folders, sorted by name, and the samples of each are its files, sorted by
 * name, with those of folders inside it: shuffle or split them before training. Files count whose
 * names end in {@code .png}, {@code .jpg}, {@code .jpeg}, {@code .bmp} or {@code .gif}, in any
 * case; other files, those beside the folders of the classes, and all whose name starts with a dot
 * do not.
 *
 * <p>A sample is {@code [3, h, w]} (red, green, blue), or {@code [1, h, w]} by {@link
 * ImageOptions#withGrayscale}, with numbers from 0 (black) to 1. Transparency and the rotation that
 * a camera has noted are passed over; of an animation the first image is taken.
 *
 * <p>Files are not trusted: what is wrong with one is a {@link FileFormatException} that names it,
 * and an image that is too large is refused before it is decoded. A symbolic link may lead to a
 * file of the folder, and not out of it.
 *
 * <p>Java's own module {@code java.desktop} does the decoding, which the rest of Lanewise does
 * without; no display is needed. On the module path, start Java with {@code --add-modules
 * java.desktop}, or let the program's module require it.
 *
 * {@snippet :
 * import dev.lanewise.nn.data.ImageFolder;
 * import dev.lanewise.nn.data.ImageOptions;
 * import java.nio.file.Path;
 *
 * void main(String[] args) throws Exception {
 *   var pets = ImageFolder.load(Path.of(args[0]), ImageOptions.defaults().withSize(64, 64));
 *   IO.println(pets + ": " + pets.classNames()); // [n, 3, 64, 64], 2 classes: [cat, dog]
 *   var parts = pets.stratifiedSplit(0.8, 42);
 * }
 * }
 */
public final class ImageFolder {
  private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "bmp", "gif");
  private static final String KINDS = ".png, .jpg, .jpeg, .bmp or .gif";

  private final Path realRoot;

  private ImageFolder(Path root) throws IOException {
    realRoot = root.toRealPath();
  }

  /**
   * Reads all images, in colour and as large as they are, which must be the same for all.
   *
   * @param dir the folder of the classes' folders
   * @return the images {@code [n, 3, h, w]} and their classes
   * @throws NoSuchFileException if there is no such folder
   * @throws FileFormatException if there is no class, or one without an image, if a file is no
   *     whole image or too large, if images differ in size, or if a link leads out of the folder
   * @throws IOException if a file cannot be read
   * @throws IllegalStateException if {@code java.desktop} is not there
   */
  public static LabeledDataset load(Path dir) throws IOException {
    return load(dir, ImageOptions.defaults());
  }

  /**
   * Reads all images.
   *
   * @param dir the folder of the classes' folders
   * @param options how
   * @return the images {@code [n, c, h, w]} and their classes
   * @throws NoSuchFileException if there is no such folder
   * @throws FileFormatException if there is no class, or one without an image, if a file is no
   *     whole image or too large, if images differ in size and are not resized, or if a link leads
   *     out of the folder
   * @throws IOException if a file cannot be read
   * @throws IllegalStateException if {@code java.desktop} is not there
   */
  public static LabeledDataset load(Path dir, ImageOptions options) throws IOException {
    JavaDesktop.require();
    if (!Files.exists(dir)) {
      throw new NoSuchFileException(dir.toString(), null, "no such folder; check the spelling");
    }
    if (!Files.isDirectory(dir)) {
      throw new FileFormatException(
          dir.toString(), 0, "a folder of the classes' folders", "a file");
    }
    ImageFolder folder = new ImageFolder(dir);
    List<String> classNames = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (Path entry : sorted(dir)) {
      if (Files.isDirectory(entry)) {
        folder.checkLink(entry);
        int before = files.size();
        folder.addImages(entry, files);
        if (files.size() == before) {
          throw new FileFormatException(
              entry.toString(), "its files", "at least one image, named " + KINDS, "none");
        }
        while (labels.size() < files.size()) {
          labels.add(classNames.size());
        }
        classNames.add(entry.getFileName().toString());
      }
    }
    if (classNames.isEmpty()) {
      throw new FileFormatException(
          dir.toString(), "its folders", "one for each class, with its images", "none");
    }
    ImagePixels pixels = ImagePixels.read(files, options);
    int[] labelArray = labels.stream().mapToInt(Integer::intValue).toArray();
    return LabeledDataset.of(pixels.values(), pixels.sampleShape(), labelArray, classNames);
  }

  private void addImages(Path dir, List<Path> files) throws IOException {
    for (Path entry : sorted(dir)) {
      if (Files.isDirectory(entry)) {
        checkLink(entry);
        addImages(entry, files);
      } else if (isImage(entry)) {
        checkLink(entry);
        files.add(entry);
      }
    }
  }

  private static boolean isImage(Path file) {
    String name = file.getFileName().toString();
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return ENDINGS.contains(ending);
  }

  private static List<Path> sorted(Path dir) throws IOException {
    try (Stream<Path> entries = Files.list(dir)) {
      return entries
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .sorted((a, b) -> a.getFileName().toString().compareTo(b.getFileName().toString()))
          .toList();
    }
  }

  /**
   * Refuses a link that leads out of the folder, and one to a folder, which may lead in circles.
   */
  private void checkLink(Path entry) throws FileFormatException {
    if (!Files.isSymbolicLink(entry)) {
      return;
    }
    String found;
    try {
      Path target = entry.toRealPath();
      if (!target.startsWith(realRoot)) {
        found = "a symbolic link out of it, to " + target;
      } else if (Files.isDirectory(target)) {
        found = "a symbolic link to a folder";
      } else {
        return;
      }
    } catch (IOException _) {
      found = "a symbolic link to nothing";
    }
    throw new FileFormatException(
        entry.toString(), "its name", "files of the folder " + realRoot, found);
  }
}
