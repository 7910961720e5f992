package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.graph.Graph;
import dev.lanewise.nn.layer.BatchNormalization;
import dev.lanewise.nn.layer.Conv2D;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Dropout;
import dev.lanewise.nn.layer.Flatten;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a model predicts, as a file that needs no model. */
class ModelGraphFileTest {
  @Test
  void predictionsAreThoseOfTheModel(@TempDir Path folder) throws IOException {
    Sequential model =
        Sequential.of(
                new Conv2D(4, 3),
                new BatchNormalization(),
                new Flatten(),
                new Dropout(0.5),
                new Dense(3, "softmax"))
            .seed(1);
    Tensor x = Tensor.randomNormal(new Generator(2), Shape.of(5, 1, 6, 6));
    float[] expected = model.predict(x).toFloatArray();
    Path file = folder.resolve("model.safetensors");
    Graph.trace(v -> model.apply(v, false), x).save(file);
    assertArrayEquals(expected, Graph.load(file).run(x).toFloatArray());
  }
}
