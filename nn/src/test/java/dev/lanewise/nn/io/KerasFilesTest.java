package dev.lanewise.nn.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.Npy;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.layer.Add;
import dev.lanewise.nn.layer.BatchNormalization;
import dev.lanewise.nn.layer.Conv2D;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Dropout;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Input;
import dev.lanewise.nn.layer.MaxPool2D;
import dev.lanewise.nn.layer.Multiply;
import dev.lanewise.nn.layer.SymbolicTensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that Keras 3.15.1 wrote, with inputs and the outputs that it computed on JAX. */
class KerasFilesTest {
  private static Path file(String name) {
    try {
      return Path.of(KerasFilesTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Tensor numbers(String name) throws IOException {
    return Tensor.of(Npy.read(file(name)));
  }

  private static void assertClose(Tensor expected, Tensor actual) {
    assertEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.toFloatArray(), actual.toFloatArray(), 1e-4f);
  }

  /**
   * {@code Sequential([Input((6, 5, 2)), Conv2D(3, 2, activation="relu"), BatchNormalization(),
   * MaxPooling2D(2), Flatten(), Dropout(.5), Dense(4, activation="tanh"), Dense(2)])}.
   */
  @ParameterizedTest
  @ValueSource(strings = {"conv.weights.h5", "conv.keras", "conv.h5"})
  void aConvolutionalNetPredictsTheSame(String name) throws IOException {
    Sequential model =
        Sequential.of(
                new Conv2D(3, 2, "relu"),
                new BatchNormalization(),
                new MaxPool2D(2),
                new Flatten(),
                new Dropout(0.5),
                new Dense(4, "tanh"),
                new Dense(2))
            .build(2, 6, 5);

    KerasWeights.load(model, file(name));

    assertClose(numbers("conv_y.npy"), model.predict(numbers("conv_x.npy")));
  }

  /** Branches of one, two and three layers, a model inside, and two outputs. */
  @Test
  void branchesPredictTheSame() throws IOException {
    SymbolicTensor x = Input.of(3);
    SymbolicTensor one = new Dense(4).apply(x);
    SymbolicTensor two = new Dense(4).apply(new Dense(4).apply(x));
    SymbolicTensor three = new Dense(4).apply(new Dense(4).apply(new Dense(4).apply(x)));
    SymbolicTensor joined = new Add().apply(three, new Multiply().apply(one, two));
    Sequential inner = Sequential.of(new Dense(4), new Dense(4));
    SymbolicTensor output = new Dense(2).apply(inner.apply(joined));
    Model model = Model.of(List.of(x), List.of(output, new Dense(2).apply(one)));
    model.build();

    KerasWeights.load(model, file("fun.keras"));

    List<Tensor> outputs = model.predict(List.of(numbers("fun_x.npy")));
    assertClose(numbers("fun_y.npy"), outputs.get(0));
    assertClose(numbers("fun_z.npy"), outputs.get(1));
  }
}
