package dev.lanewise.nn.data;

import dev.lanewise.nn.internal.Optionals;

/** The library that reads and writes CSV, which this module does without where it is not there. */
final class FastCsv {
  private FastCsv() {}

  /**
   * Checks that it is there, before a class is loaded that needs it.
   *
   * @throws IllegalStateException if it is not; the text says how to get it
   */
  static void require() {
    Optionals.require(
        "CsvFile: CSV files need the library FastCSV",
        "de.siegmar.fastcsv.reader.CsvReader",
        "de.siegmar:fastcsv",
        "de.siegmar.fastcsv");
  }
}
