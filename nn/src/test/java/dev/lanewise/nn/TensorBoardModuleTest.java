package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Message;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The module with protobuf-java and java.desktop and without. */
class TensorBoardModuleTest {
  private static final String PROGRAM =
      """
      import dev.lanewise.autodiff.Tensor;
      import dev.lanewise.nn.tensorboard.*;

      void main(String[] args) throws Exception {
        IO.println(GraphNode.of("x", "Input"));
        try (EventWriter writer = EventWriter.open(Path.of(args[0], "run"))) {
          writer.scalar("loss", 1, 0);
          writer.histogram("w", Tensor.ones(3), 0);
          writer.text("notes", "none", 0);
          writer.hparams(Map.of("lr", 0.1), Map.of());
          writer.graph(List.of(GraphNode.of("x", "Input")));
          writer.flush();
          IO.println(Files.size(writer.file()) > 500);
          writer.image("ones", Tensor.ones(2, 2), 0);
          IO.println("with a picture");
        } catch (IllegalStateException e) {
          IO.println(e.getMessage());
        }
      }
      """;
  private static final String NODE =
      "GraphNode[name=x, op=Input, inputs=[], attributes={}, shape=Optional.empty]\n";

  @TempDir private Path folder;

  private String run(String modulePath, String more, String... options) throws Exception {
    return ModuleProgram.run(folder, PROGRAM, modulePath, more, options);
  }

  @Test
  void writesWithTheLibrary() throws Exception {
    String modulePath = ModulePath.with(Message.class);
    assertEquals(NODE + "true\nwith a picture\n", run(modulePath, ",com.google.protobuf"));

    String noDesktop =
        "--limit-modules=dev.lanewise.nn,com.google.protobuf,java.logging,jdk.compiler";
    assertEquals(
        NODE
            + "true\nEventWriter.image: making pictures needs the module java.desktop, which is not"
            + " there; start Java with --add-modules java.desktop, or give the bytes of a PNG"
            + " file\n",
        run(modulePath, ",com.google.protobuf", noDesktop));
  }

  @Test
  void saysWhatIsMissingWithoutIt() throws Exception {
    String missing =
        NODE
            + "EventWriter: TensorBoard's files need the library protobuf-java, which is not there;"
            + " add its jar (in Maven com.google.protobuf:protobuf-java) to the module path, and"
            + " start Java with --add-modules com.google.protobuf\n";

    assertEquals(missing, run(ModulePath.get(), ""));
  }
}
