package dev.lanewise.nn.data;

/** The library that reads and writes CSV, which this module does without where it is not there. */
final class FastCsv {
  private static final String READER = "de.siegmar.fastcsv.reader.CsvReader";

  private FastCsv() {}

  /**
   * Checks that it is there, before a class is loaded that needs it.
   *
   * @throws IllegalStateException if it is not; the text says how to get it
   */
  static void require() {
    Module here = FastCsv.class.getModule();
    boolean there;
    try {
      Class<?> reader = Class.forName(READER, false, FastCsv.class.getClassLoader());
      there = here.canRead(reader.getModule());
    } catch (ClassNotFoundException _) {
      there = false;
    }
    if (!there) {
      throw new IllegalStateException(
          "CsvFile: CSV files need the library FastCSV, which is not there; add its jar (in Maven"
              + " de.siegmar:fastcsv) to the "
              + (here.isNamed()
                  ? "module path, and start Java with --add-modules de.siegmar.fastcsv"
                  : "class path"));
    }
  }
}
