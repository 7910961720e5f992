package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.layer.Conv2D;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Input;
import dev.lanewise.nn.layer.MaxPool2D;
import dev.lanewise.nn.layer.SymbolicTensor;
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
