package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.ning.compress.lzf.LZFException;
import io.jhdf.HdfFile;
import java.nio.file.Path;
import net.jpountz.lz4.LZ4Factory;
import org.apache.commons.lang3.ArrayUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** The module with jHDF and without. */
class KerasModuleTest {
  private static final String PROGRAM =
      """
      import dev.lanewise.nn.*;
      import dev.lanewise.nn.io.*;
      import dev.lanewise.nn.layer.*;

      void main(String[] args) throws Exception {
        var model = Sequential.of(new Dense(1)).build(2);
        Path weights = Path.of(args[0], "w.npz");
        model.saveWeights(weights);
        model.loadWeights(weights);
        try {
          KerasWeights.load(model, Path.of(args[0], "none.h5"));
        } catch (IllegalStateException e) {
          IO.println(e.getMessage());
        } catch (java.nio.file.NoSuchFileException e) {
          IO.println("no such file");
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void readsWithTheLibrary() throws Exception {
    String modulePath =
        ModulePath.with(
            HdfFile.class, Logger.class, ArrayUtils.class, LZFException.class, LZ4Factory.class);
    assertEquals("no such file\n", ModuleProgram.run(folder, PROGRAM, modulePath, ",io.jhdf"));
  }

  @Test
  void saysWhatIsMissingWithoutIt() throws Exception {
    assertEquals(
        "KerasWeights: Keras's files need the library jHDF, which is not there; add its jar (in"
            + " Maven io.jhdf:jhdf) to the module path, and start Java with --add-modules"
            + " io.jhdf\n",
        ModuleProgram.run(folder, PROGRAM, ModulePath.get(), ""));
  }
}
