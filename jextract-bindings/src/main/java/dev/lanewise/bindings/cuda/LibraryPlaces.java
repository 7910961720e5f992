package dev.lanewise.bindings.cuda;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The places where libraries are looked for, in their order. */
final class LibraryPlaces {

  /** The system property with the folders that are searched first. */
  static final String PROPERTY = "lanewise.cuda.path";

  /**
   * A place to look in.
   *
   * @param prefix what stands before a file name: a folder with its separator, or nothing for the
   *     system's own search
   */
  record Place(String prefix) {
    static final Place SYSTEM = new Place("");

    boolean isSystem() {
      return prefix.isEmpty();
    }

    String file(String name) {
      return prefix + name;
    }
  }

  private static final Pattern TOOLKIT = Pattern.compile("cuda(?:-(\\d{1,4})(?:\\.(\\d{1,4}))?)?");

  private final SearchEnvironment environment;
  private final Set<Place> places = new LinkedHashSet<>();

  private LibraryPlaces(SearchEnvironment environment) {
    this.environment = environment;
  }

  /** {@return the places to look in, in order, each once} */
  static List<Place> of(SearchEnvironment environment) {
    return new LibraryPlaces(environment).collect();
  }

  /** {@return what the user has named with {@value #PROPERTY}, whether or not there is such} */
  private static List<String> named(SearchEnvironment environment) {
    String named = environment.property().apply(PROPERTY);
    return named == null
        ? List.of()
        : Stream.of(named.split(environment.windows() ? ";" : ":"))
            .filter(folder -> !folder.isBlank())
            .toList();
  }

  /** {@return what the user has named with {@value #PROPERTY} and is no folder} */
  static List<String> noFolders(SearchEnvironment environment) {
    return named(environment).stream()
        .filter(folder -> !environment.folders().hasFolder(folder))
        .toList();
  }

  private List<Place> collect() {
    for (String folder : named(environment)) {
      addFolder(folder);
      addToolkit(folder);
    }
    for (String variable : List.of("CUDA_PATH", "CUDA_HOME")) {
      String root = environment.variable().apply(variable);
      if (root != null && !root.isBlank()) {
        addToolkit(root);
      }
    }
    if (environment.windows()) {
      places.add(Place.SYSTEM);
      return List.copyOf(places);
    }
    addLoaderPath();
    places.add(Place.SYSTEM);
    addConventional();
    return List.copyOf(places);
  }

  /**
   * The loader looks into these folders itself, but for one file name at a time: asked for CUDA 13
   * first, it would pass over a CUDA 12 here and take a 13 from its cache.
   */
  private void addLoaderPath() {
    String path = environment.variable().apply("LD_LIBRARY_PATH");
    if (path != null) {
      for (String folder : path.split("[:;]")) {
        if (!folder.isBlank()) {
          addFolder(folder);
        }
      }
    }
  }

  private void addConventional() {
    // The link "cuda" is the administrator's choice; without it, or beside it, the newest first.
    environment.folders().names("/usr/local").stream()
        .filter(name -> TOOLKIT.matcher(name).matches())
        .sorted(
            Comparator.comparingInt((String name) -> version(name, 1))
                .thenComparing(name -> version(name, 2))
                .reversed())
        .forEach(name -> addFolder("/usr/local/" + name + "/lib64"));
    switch (environment.osArch()) {
      case "amd64", "x86_64" -> addFolder("/usr/lib/x86_64-linux-gnu");
      case "aarch64" -> addFolder("/usr/lib/aarch64-linux-gnu");
      default -> addFolder("/usr/lib64");
    }
  }

  /** A part of a toolkit's version in its folder's name; the highest where the name has none. */
  private static int version(String name, int part) {
    Matcher matcher = TOOLKIT.matcher(name);
    return matcher.matches() && matcher.group(part) != null
        ? Integer.parseInt(matcher.group(part))
        : Integer.MAX_VALUE;
  }

  private void addToolkit(String root) {
    if (environment.windows()) {
      addFolder(root, "bin");
      addFolder(root, "bin", "x64"); // CUDA 13 has its DLLs here
      addFolder(root, "lib", "x64");
      return;
    }
    addFolder(root, "lib64");
    addFolder(root, "lib");
    switch (environment.osArch()) {
      case "amd64", "x86_64" -> addFolder(root, "targets", "x86_64-linux", "lib");
      case "aarch64" -> {
        addFolder(root, "targets", "sbsa-linux", "lib"); // servers
        addFolder(root, "targets", "aarch64-linux", "lib"); // Jetson
      }
      default -> {
        // Toolkits for other processors have no such folder.
      }
    }
  }

  private void addFolder(String root, String... below) {
    String separator = environment.windows() ? "\\" : "/";
    var prefix = new StringBuilder(root);
    for (String folder : below) {
      appendSeparator(prefix, separator).append(folder);
    }
    appendSeparator(prefix, separator);
    places.add(new Place(prefix.toString()));
  }

  private static StringBuilder appendSeparator(StringBuilder prefix, String separator) {
    return prefix.toString().endsWith(separator) ? prefix : prefix.append(separator);
  }
}
