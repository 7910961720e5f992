package dev.lanewise.nn.data;

/** The module that decodes images, which this one does without where it is not there. */
final class JavaDesktop {
  private JavaDesktop() {}

  /**
   * Checks that it is there, before a class is loaded that needs it.
   *
   * @throws IllegalStateException if it is not; the text says how to get it
   */
  static void require() {
    Module here = JavaDesktop.class.getModule();
    boolean there = ModuleLayer.boot().findModule("java.desktop").map(here::canRead).orElse(false);
    if (!there) {
      throw new IllegalStateException(
          "ImageFolder: images need the module java.desktop, which is not there; start Java with"
              + " --add-modules java.desktop, on a Java that has it");
    }
  }
}
