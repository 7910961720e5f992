package dev.lanewise.nn.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The columns of a table, by number and by name. */
final class CsvColumns {
  /** So many names are listed when one is not found. */
  private static final int MOST_LISTED = 20;

  private final String file;
  private final List<CsvColumn> columns;
  private final Map<String, Integer> places = new HashMap<>();

  /** The names must differ. */
  CsvColumns(String file, List<CsvColumn> columns) {
    this.file = file;
    this.columns = List.copyOf(columns);
    for (int i = 0; i < columns.size(); i++) {
      places.put(columns.get(i).name(), i);
    }
  }

  int size() {
    return columns.size();
  }

  CsvColumn get(int place) {
    return columns.get(place);
  }

  List<String> names() {
    return columns.stream().map(CsvColumn::name).toList();
  }

  int place(String name) {
    Integer place = places.get(name);
    if (place == null) {
      throw new IllegalArgumentException(
          "CsvFile: %s has no column \"%s\"; its columns are %s"
              .formatted(file, name, listed(names())));
    }
    return place;
  }

  CsvColumns select(int... numbers) {
    if (numbers.length == 0) {
      throw new IllegalArgumentException("CsvFile: at least one column is needed");
    }
    Set<Integer> seen = new HashSet<>();
    List<CsvColumn> chosen = new ArrayList<>();
    for (int number : numbers) {
      if (number < 0 || number >= columns.size()) {
        throw new IndexOutOfBoundsException(
            "CsvFile.select: column %d of %d columns, counted from 0"
                .formatted(number, columns.size()));
      }
      if (!seen.add(number)) {
        throw new IllegalArgumentException(
            "CsvFile.select: column \"%s\" is given twice".formatted(columns.get(number).name()));
      }
      chosen.add(columns.get(number));
    }
    return new CsvColumns(file, chosen);
  }

  /** {@return names for a message} */
  static String listed(List<String> names) {
    String first =
        names.stream()
            .limit(MOST_LISTED)
            .map(each -> "\"" + each + "\"")
            .collect(Collectors.joining(", "));
    return names.size() <= MOST_LISTED
        ? first
        : first + " and " + (names.size() - MOST_LISTED) + " more";
  }
}
