package dev.lanewise.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.io.Safetensors;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of graphs: what they hold, and that wrong ones are refused. */
class GraphFileTest {
  private static final Generator GENERATOR = new Generator(31);
  private static final Tensor X = Tensor.randomNormal(GENERATOR, Shape.of(4, 3));
  private static final Tensor WEIGHT = Tensor.randomNormal(GENERATOR, Shape.of(3, 2));

  @TempDir private Path folder;
  private Path file;
  private Graph graph;

  @BeforeEach
  void save() throws IOException {
    file = folder.resolve("graph.safetensors");
    Tensor shift = Tensor.of(new float[] {1, -1});
    graph = Graph.trace(x -> x.matmul(WEIGHT).add(shift).softmax(1), X);
    graph.save(file);
  }

  @Test
  void isLoadedAndRun() throws IOException {
    Graph loaded = Graph.load(file);
    assertArrayEquals(graph.run(X).toFloatArray(), loaded.run(X).toFloatArray());
    assertEquals(graph.program().toString(), loaded.program().toString());
    Tensor many = Tensor.randomNormal(GENERATOR, Shape.of(5, 4, 3));
    assertEquals(Shape.of(5, 4, 2), loaded.vmap(5).run(many).shape());
    Path again = folder.resolve("again.safetensors");
    loaded.save(again);
    assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
  }

  @Test
  void isReadByOtherProgramsAsTensors() throws IOException {
    List<NdArray> arrays = List.copyOf(Safetensors.read(file).arrays().values());
    assertTrue(
        arrays.stream()
            .anyMatch(a -> a.size() == 6 && a.toFloatArray()[0] == WEIGHT.toFloatArray()[0]),
        arrays.toString());
  }

  @Test
  void runsOnAnotherBackend() throws IOException {
    Graph reference = Graph.load(file, Backends.named("reference"));
    Tensor there = X.to(Backends.named("reference"));
    assertArrayEquals(graph.run(X).toFloatArray(), reference.run(there).toFloatArray(), 1e-6f);
  }

  @Test
  void whatIsNoInferenceIsNotSaved() {
    Generator generator = new Generator(1);
    refused(
        "host step",
        () -> Graph.trace(x -> x.add(Tensor.randomNormal(generator, Shape.of(3))), X).save(file));
    Tensor state = Tensor.zeros(4, 3);
    refused(
        "writes into a captured tensor of shape [4, 3]",
        () ->
            Graph.trace(
                    x -> {
                      state.assign(x);
                      return x;
                    },
                    X)
                .save(file));
    Tensor scalar = Tensor.of(new float[] {1});
    refused(
        "has no way back",
        () -> {
          Graph loss = Graph.trace(x -> x.square().sum(), scalar);
          loss.save(file);
          Graph.load(file).gradient();
        });
  }

  private interface Call {
    void run() throws IOException;
  }

  private static void refused(String what, Call call) {
    GraphException e = assertThrows(GraphException.class, call::run);
    assertTrue(e.getMessage().contains(what), e.getMessage());
  }

  /** Every expression that there is, with numbers that JSON does not have. */
  @Test
  void expressions() {
    Expr x = Expr.arg(0);
    Expr sum = Expr.constant(-0.0);
    for (double number : new double[] {Double.NaN, Double.NEGATIVE_INFINITY, 0.1, 1e300}) {
      sum = sum.add(Expr.constant(number));
    }
    List<Expr> all = new ArrayList<>(List.of(sum, Expr.select(x, sum, Expr.param(2))));
    for (UnaryOp op : UnaryOp.values()) {
      all.add(Expr.unary(op, x));
    }
    for (BinaryOp op : BinaryOp.values()) {
      all.add(Expr.binary(op, x, Expr.arg(1)));
    }
    Expr deep = x;
    for (int i = 0; i < 1000; i++) {
      deep = deep.mul(deep.add(Expr.arg(1)));
    }
    all.add(deep);
    for (Expr expr : all) {
      assertEquals(expr, ExprCodec.read(new Fields("f", "expr", ExprCodec.write(expr))));
    }
  }

  /** One text of the file is another: what the error names. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"version\":1|\"version\":2|a whole number from 1 to 1",
        "\"matmul\"|\"matmal\"|an operation that this version knows",
        "\"SOFTMAX\"|\"SOFTMIX\"|a kernel that this version knows",
        "\"integer\":1|\"integer\":7|a call that its operation takes",
        "\"integer\":1|\"flag\":true|a call that its operation takes",
        "\"shape\":[4,3]|\"shape\":[4,4]|inner dimensions differ",
        "\"strides\":[3,1]|\"strides\":[3000,1]|a view inside of its buffer",
        "\"strides\":[3,1]|\"strides\":[-3,1]|a whole number from 0",
        "\"strides\":[3,1]|\"strides\":[3]|a view inside of its buffer",
        "\"offset\":0|\"offset\":9223372036854775807|a view inside of its buffer",
        "\"f32\"|\"f31\"|a type that this version knows",
        "ADD 0 1|ADD 0 2|an argument, a scalar, a number or an operation",
        "ADD 0 1|SELECT 0 1|an argument, a scalar, a number or an operation",
        "\"calls\":[|\"calls\":[null,|an object with 'op'",
        "\"outputs\":[{\"of\":\"t|\"outputs\":[{\"of\":\"u|a buffer that there is",
        "}]}|}]|something else"
      })
  void otherTextsAreRefused(String old, String other, String expected) throws IOException {
    Safetensors read = Safetensors.read(file);
    String text = read.metadata().get(GraphFile.KEY);
    assertTrue(text.contains(old), text);
    String changed = text.replace(old, other);
    new Safetensors(read.arrays(), Map.of(GraphFile.KEY, changed)).write(file);
    FileFormatException e = assertThrows(FileFormatException.class, () -> Graph.load(file));
    assertTrue(e.getMessage().contains(expected), e.getMessage());
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
  }

  /** As deep as a file may nest them, and many more ways through them than could be walked. */
  @ParameterizedTest
  @ValueSource(strings = {"SIGMOID %d", "MUL %1$d %1$d"})
  void deepExpressionsRunOrAreRefused(String part) throws IOException {
    Graph.trace(x -> x.mul(2).add(1), X).save(file);
    Safetensors read = Safetensors.read(file);
    String text = read.metadata().get(GraphFile.KEY);
    String first = text.replaceFirst("(?s).*?\"exprs\":\\[\\[(.*?)\\].*", "$1");
    StringBuilder deep = new StringBuilder("\"x0\"");
    for (int i = 0; i < 9_999; i++) {
      deep.append(",\"").append(part.formatted(i)).append("\"");
    }
    assertTrue(text.contains("[" + first + "]"), text);
    String changed = text.replace("[" + first + "]", "[" + deep + "]");
    new Safetensors(read.arrays(), Map.of(GraphFile.KEY, changed)).write(file);
    try {
      assertEquals(X.shape(), Graph.load(file).run(X).shape());
    } catch (FileFormatException e) {
      assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    }
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    new Safetensors(Map.of(), Map.of("format", "pt")).write(file);
    FileFormatException other = assertThrows(FileFormatException.class, () -> Graph.load(file));
    assertTrue(other.getMessage().contains("as Graph.save writes them"), other.getMessage());
    assertThrows(NoSuchFileException.class, () -> Graph.load(folder.resolve("none")));
  }

  /** Whatever is changed: the file is refused, or still is a graph. */
  @Test
  void damagedFilesAreRefusedOrGraphs() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 600; i++) {
      byte[] damaged = whole.clone();
      for (int k = 0; k <= i % 3; k++) {
        damaged[random.nextInt(whole.length)] = (byte) random.nextInt(32, 127);
      }
      Files.write(
          file, i % 7 == 0 ? Arrays.copyOf(damaged, random.nextInt(whole.length)) : damaged);
      try {
        Graph.load(file).traced();
      } catch (FileFormatException e) {
        refused++;
      }
    }
    assertTrue(refused > 300, refused + " refused");
  }
}
