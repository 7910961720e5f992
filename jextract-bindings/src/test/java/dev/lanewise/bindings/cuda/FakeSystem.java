package dev.lanewise.bindings.cuda;

import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A system made of nothing but names: what files it has, and what it opens. */
final class FakeSystem {
  final Map<String, String> properties = new HashMap<>();
  final Map<String, String> variables = new HashMap<>();
  final Set<String> files = new HashSet<>();

  /** Files that are there and do not open. */
  final Set<String> broken = new HashSet<>();

  /** Bare names that the system's own search finds. */
  final Set<String> onSystemPath = new HashSet<>();

  /** The CUDA major that a cuDNN file tells; 12 unless it is listed. */
  final Map<String, Integer> cudnnMajors = new HashMap<>();

  /** What the opener throws instead of opening anything. */
  Optional<Supplier<RuntimeException>> refusal = Optional.empty();

  /** Each name handed to the opener, and "close NAME" for each library given back. */
  final List<String> log = new ArrayList<>();

  private final String osName;
  private final String osArch;

  private FakeSystem(String osName, String osArch) {
    this.osName = osName;
    this.osArch = osArch;
  }

  static FakeSystem linux() {
    return new FakeSystem("Linux", "amd64");
  }

  static FakeSystem linuxOnArm() {
    return new FakeSystem("Linux", "aarch64");
  }

  static FakeSystem windows() {
    return new FakeSystem("Windows 11", "amd64");
  }

  FakeSystem property(String folders) {
    properties.put("lanewise.cuda.path", folders);
    return this;
  }

  FakeSystem variable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  FakeSystem file(String... paths) {
    files.addAll(List.of(paths));
    return this;
  }

  FakeSystem systemPath(String... names) {
    onSystemPath.addAll(List.of(names));
    return this;
  }

  LibrarySearch search() {
    return new LibrarySearch(environment());
  }

  SearchEnvironment environment() {
    return new SearchEnvironment(
        osName,
        osArch,
        properties::get,
        variables::get,
        new Folders(),
        this::open,
        "the.module.under.test");
  }

  private Optional<OpenLibrary> open(String file) {
    log.add(file);
    if (refusal.isPresent()) {
      throw refusal.get().get();
    }
    boolean opens = onSystemPath.contains(file) || files.contains(file) && !broken.contains(file);
    return opens ? Optional.of(new Opened(file)) : Optional.empty();
  }

  private final class Opened implements OpenLibrary {
    private final String file;

    Opened(String file) {
      this.file = file;
    }

    @Override
    public SymbolLookup symbols() {
      return name -> Optional.empty();
    }

    @Override
    public int cudnnCudaMajor() {
      return cudnnMajors.getOrDefault(file, 12);
    }

    @Override
    public void close() {
      log.add("close " + file);
    }
  }

  private final class Folders implements SearchEnvironment.Folders {
    @Override
    public boolean hasFile(String path) {
      return files.contains(path);
    }

    @Override
    public boolean hasFolder(String path) {
      return !names(path).isEmpty();
    }

    @Override
    public List<String> names(String folder) {
      String separator = osName.startsWith("Windows") ? "\\" : "/";
      String prefix = folder.endsWith(separator) ? folder : folder + separator;
      return files.stream()
          .filter(file -> file.startsWith(prefix))
          .map(file -> file.substring(prefix.length()))
          .map(file -> file.contains(separator) ? file.substring(0, file.indexOf(separator)) : file)
          .distinct()
          .toList();
    }
  }
}
