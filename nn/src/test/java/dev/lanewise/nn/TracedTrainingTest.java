package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.graph.Graph;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Dropout;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.loss.SparseCategoricalCrossentropy;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.Optimizer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A training step as a graph gives the weights of the eager one, bit for bit. */
class TracedTrainingTest {
  private static Sequential model() {
    Sequential model =
        Sequential.of(new Dense(32, "relu"), new Dropout(0.2), new Dense(32, "gelu"), new Dense(4));
    model.build(16);
    return model;
  }

  private static List<Tensor> step(
      Sequential model, Optimizer optimizer, Tensor[] weights, Tensor x, Tensor y) {
    Tensor loss = new SparseCategoricalCrossentropy(true).apply(model.apply(x, true), y);
    optimizer.apply(Gradients.of(loss, weights));
    return List.of(loss);
  }

  @Test
  void adam() {
    float[][] results = new float[2][];
    for (int way = 0; way < 2; way++) {
      Sequential model = model();
      Optimizer optimizer = new Adam(0.01).over(model.weights());
      Tensor[] weights = model.weights().stream().map(Weight::value).toArray(Tensor[]::new);
      Tensor x = Tensor.randomNormal(new Generator(3), Shape.of(8, 16));
      Tensor y = Tensor.of(new int[] {0, 1, 2, 3, 0, 1, 2, 3});
      if (way == 0) {
        for (int i = 0; i < 20; i++) {
          step(model, optimizer, weights, x, y);
        }
      } else {
        Graph graph =
            Graph.trace(
                ins -> step(model, optimizer, weights, ins.get(0), ins.get(1)), List.of(x, y));
        for (int i = 0; i < 20; i++) {
          graph.runAll(List.of(x, y));
        }
      }
      results[way] = model.weights().get(2).value().toFloatArray();
    }
    assertArrayEquals(results[0], results[1]);
  }
}
