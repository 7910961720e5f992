package dev.lanewise.blas;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the examples in the Javadoc, and compares what they print. */
class SnippetsTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/lanewise/blas");
  private static final Pattern SNIPPET =
      Pattern.compile(" *\\* \\{@snippet :\n(.*?)\n *\\* }\n *\\*( @|\n|/| <p>)", Pattern.DOTALL);
  private static final Pattern PRINTED =
      Pattern.compile("System\\.out\\.println\\((.*)\\); // (.*)");

  @Test
  void examplesCompileAndPrintWhatTheySay(@TempDir Path classes) throws Exception {
    StringBuilder methods = new StringBuilder();
    int count = 0;
    for (Path file : files()) {
      Matcher matcher = SNIPPET.matcher(Files.readString(file));
      while (matcher.find()) {
        String body = matcher.group(1).replaceAll("(?m)^ *\\* ?", "");
        String checked =
            PRINTED
                .matcher(body)
                .replaceAll(
                    "if (!String.valueOf($1).equals(\"$2\")) throw new AssertionError($1);");
        methods.append("static void example%d() {%n%s%n}%n".formatted(count++, checked));
      }
    }
    assertTrue(count >= 29, count + " examples were found");
    methods.append("public static void all() {\n");
    for (int i = 0; i < count; i++) {
      methods.append("example%d();%n".formatted(i));
    }
    methods.append("}\n");
    compile(
        "import dev.lanewise.array.DType; import dev.lanewise.blas.*;"
            + "import dev.lanewise.kernel.UnaryOp;"
            + "import java.lang.foreign.*; import java.util.Arrays;"
            + "public class Examples {\n"
            + methods
            + "}\n",
        classes);
    URL[] urls = {classes.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, getClass().getClassLoader())) {
      loader.loadClass("Examples").getMethod("all").invoke(null);
    }
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.sorted().toList();
    }
  }

  private static void compile(String text, Path classes) {
    JavaFileObject source =
        new SimpleJavaFileObject(
            URI.create("string:///Examples.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
          }
        };
    StringWriter errors = new StringWriter();
    List<String> options =
        List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", "" + classes);
    boolean good =
        ToolProvider.getSystemJavaCompiler()
            .getTask(errors, null, null, options, null, List.of(source))
            .call();
    assertTrue(good, () -> errors + text);
  }
}
