package dev.lanewise.bindings.cuda;

import java.io.File;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * All that the search for libraries takes from outside, so that a test can search on any system.
 *
 * @param osName the operating system, as {@code os.name} has it
 * @param osArch the processor, as {@code os.arch} has it
 * @param property the system property of a name, or null
 * @param variable the environment variable of a name, or null
 * @param folders the file system
 * @param opener opens libraries
 * @param nativeAccess what {@code --enable-native-access} has to name: a module or ALL-UNNAMED
 */
record SearchEnvironment(
    String osName,
    String osArch,
    UnaryOperator<String> property,
    UnaryOperator<String> variable,
    Folders folders,
    LibraryOpener opener,
    String nativeAccess) {

  /** The little that the search asks of a file system. Nothing here throws. */
  interface Folders {
    /** {@return whether there is a file of this path} */
    boolean hasFile(String path);

    /** {@return whether there is a folder of this path} */
    boolean hasFolder(String path);

    /** {@return the names in a folder in any order; none if there is no such folder} */
    List<String> names(String folder);
  }

  /**
   * {@code java.io.File} answers "no" where {@code java.nio.file} throws, as for odd characters.
   */
  private static final class RealFolders implements Folders {
    @Override
    public boolean hasFile(String path) {
      return new File(path).isFile();
    }

    @Override
    public boolean hasFolder(String path) {
      return new File(path).isDirectory();
    }

    @Override
    public List<String> names(String folder) {
      String[] names = new File(folder).list();
      return names == null ? List.of() : List.of(names);
    }
  }

  /** {@return the environment of the running JVM} */
  static SearchEnvironment ofThisProcess() {
    Module module = CudaLibrary.class.getModule();
    return new SearchEnvironment(
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        System::getProperty,
        System::getenv,
        new RealFolders(),
        new SystemOpener(),
        module.isNamed() ? module.getName() : "ALL-UNNAMED");
  }

  /** {@return whether files are named as on Windows; every other system is taken for a Linux} */
  boolean windows() {
    return osName.startsWith("Windows");
  }
}
