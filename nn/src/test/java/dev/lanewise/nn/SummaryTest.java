package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.layer.Activation;
import dev.lanewise.nn.layer.Add;
import dev.lanewise.nn.layer.Conv2D;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Input;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.MaxPool2D;
import dev.lanewise.nn.layer.SymbolicTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
  @Test
  void twoDenseLayers() {
    assertEquals(
        """
        Model: "sequential"
        _________________________________________________________________
         Layer (type)                Output Shape              Param #
        =================================================================
         dense (Dense)               (None, 5)                 15
         dense_1 (Dense)             (None, 1)                 6
        =================================================================
        Total params: 21 (84.00 B)
        Trainable params: 21 (84.00 B)
        Non-trainable params: 0 (0.00 B)
        _________________________________________________________________\
        """,
        Sequential.of(new Dense(5, "sigmoid"), new Dense(1, "sigmoid")).build(2).summary());
  }

  @Test
  void aPerceptronHasThreeWeights() {
    String summary = Sequential.of(new Dense(1)).build(2).summary();
    assertTrue(summary.contains("Total params: 3 (12.00 B)"), summary);
  }

  @Test
  void aLayerThatIsUsedTwiceCountsOnce() {
    Dense dense = new Dense(2);
    SymbolicTensor x = Input.of(2);
    String summary = Model.of(x, dense.apply(dense.apply(x))).summary();
    assertTrue(summary.contains("Total params: 6 (24.00 B)"), summary);
  }

  /** The nets of the lesson on frameworks: 3, 21, and 30 + 0 + 11 parameters. */
  @Test
  void theLessonsNetworks() {
    assertEquals(3, parameters(Sequential.of(new Dense(1, "sigmoid")).build(2)));
    assertEquals(
        21,
        parameters(
            Sequential.of(new Input(2), new Dense(5, "sigmoid"), new Dense(1, "sigmoid")).build()));
    Sequential three = Sequential.of(new Dense(10), new Activation("relu"), new Dense(1)).build(2);
    assertEquals(41, parameters(three));
    String summary = three.summary();
    for (String row :
        List.of(
            " dense (Dense)               (None, 10)                30\n",
            " activation (Activation)     (None, 10)                0\n",
            " dense_1 (Dense)             (None, 1)                 11\n",
            "Total params: 41 (164.00 B)\n")) {
      assertTrue(summary.contains(row), summary);
    }
  }

  private static long parameters(Model model) {
    return model.weights().stream().mapToLong(weight -> weight.value().size()).sum();
  }

  @Test
  void branchesTellWhatTheyAreConnectedTo() {
    SymbolicTensor x = Input.of("x", 4);
    Layer shared = new Dense(4).named("shared");
    SymbolicTensor once = shared.apply(x);
    SymbolicTensor twice = shared.apply(once);
    SymbolicTensor inner = Sequential.of(new Dense(4), new Dense(4)).apply(x);
    Model model = Model.of(x, new Add().apply(once, twice, inner)).named("branches");
    assertEquals(
        """
        Model: "branches"
        ___________________________________________________________________________________
         Layer (type)                Output Shape              Param #   Connected to
        ===================================================================================
         x (Input)                   (None, 4)                 0
         shared (Dense)              (None, 4)                 20        x[0][0]
                                                                         shared[0][0]
         sequential (Sequential)     (None, 4)                 40        x[0][0]
         add (Add)                   (None, 4)                 0         shared[0][0]
                                                                         shared[1][0]
                                                                         sequential[0][0]
        ===================================================================================
        Total params: 60 (240.00 B)
        Trainable params: 60 (240.00 B)
        Non-trainable params: 0 (0.00 B)
        ___________________________________________________________________________________\
        """,
        model.summary());
  }

  @Test
  void images() {
    Sequential model =
        Sequential.of(
                new Conv2D(32, 3, "relu").padding("same"),
                new MaxPool2D(2),
                new Flatten(),
                new Dense(10).named("a_name_that_is_longer_than_the_column"))
            .named("images");
    assertEquals(
        """
        Model: "images"
        ____________________________________________________________________________________
         Layer (type)                                   Output Shape              Param #
        ====================================================================================
         conv2d (Conv2D)                                (None, 32, 28, 28)        320
         max_pool2d (MaxPool2D)                         (None, 32, 14, 14)        0
         flatten (Flatten)                              (None, 6272)              0
         a_name_that_is_longer_than_the_column (Dense)  (None, 10)                62,730
        ====================================================================================
        Total params: 63,050 (246.29 KB)
        Trainable params: 63,050 (246.29 KB)
        Non-trainable params: 0 (0.00 B)
        ____________________________________________________________________________________\
        """,
        model.build(1, 28, 28).summary());
  }
}
