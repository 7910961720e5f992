package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendProvider;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.data.Digits;
import dev.lanewise.nn.layer.BatchNormalization;
import dev.lanewise.nn.layer.Bidirectional;
import dev.lanewise.nn.layer.Conv2D;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Dropout;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.GRU;
import dev.lanewise.nn.layer.GaussianNoise;
import dev.lanewise.nn.layer.LSTM;
import dev.lanewise.nn.layer.MaxPool2D;
import dev.lanewise.nn.layer.MultiHeadAttention;
import dev.lanewise.nn.layer.ReLU;
import dev.lanewise.nn.layer.Reshape;
import dev.lanewise.nn.layer.SinePositionEmbedding;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.loss.SparseCategoricalCrossentropy;
import dev.lanewise.nn.optim.Adam;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same seed gives the same weights, bit by bit, with one thread and with several. */
class ThreadsTest {
  private static final String PROPERTY = "lanewise.threads";

  private static Backend simd(int threads) {
    BackendProvider provider =
        Backends.providers().stream()
            .filter(p -> p.name().equals("simd"))
            .findFirst()
            .orElseThrow();
    String before = System.getProperty(PROPERTY);
    System.setProperty(PROPERTY, Integer.toString(threads));
    try {
      return provider.create();
    } finally {
      if (before == null) {
        System.clearProperty(PROPERTY);
      } else {
        System.setProperty(PROPERTY, before);
      }
    }
  }

  private static List<float[]> train(Sequential model) {
    model.compile(new Adam(), new SparseCategoricalCrossentropy(true), "accuracy");
    model.fit(Digits.load().first(256), FitOptions.epochs(2).batchSize(64).verbose(0));
    return model.weights().stream().map(Weight::value).map(v -> v.toFloatArray()).toList();
  }

  private static void assertSame(List<float[]> expected, List<float[]> actual) {
    assertFalse(expected.isEmpty());
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i));
    }
  }

  /** Wide enough that products and updates are split between threads. */
  private static Sequential mlp(int threads) {
    return Sequential.of(
            new Flatten(), new Dense(512, "relu"), new Dense(256, "tanh"), new Dense(10))
        .on(simd(threads))
        .seed(9);
  }

  private static Sequential cnn(int threads) {
    return Sequential.of(
            new Reshape(1, 8, 8),
            new Conv2D(16, 3, "relu").padding("same"),
            new MaxPool2D(2),
            new Conv2D(32, 3, "relu").padding("same"),
            new MaxPool2D(2),
            new Flatten(),
            new Dense(10))
        .on(simd(threads))
        .seed(9);
  }

  private static Sequential normalized(int threads) {
    return Sequential.of(
            new Flatten(),
            new Dense(512),
            new BatchNormalization(),
            new ReLU(),
            new Dropout(0.4),
            new GaussianNoise(0.1),
            new Dense(10))
        .on(simd(threads))
        .seed(9);
  }

  @Test
  void denseNetwork() {
    List<float[]> one = train(mlp(1));
    assertSame(one, train(mlp(2)));
    assertSame(one, train(mlp(3)));
  }

  /** Rows of pixels as steps: as many at once as threads can split. */
  private static Sequential sequences(int threads) {
    return Sequential.of(
            new SinePositionEmbedding(),
            new MultiHeadAttention(2, 16),
            new Bidirectional(new LSTM(32).returnSequences(true)),
            new GRU(48),
            new Dense(10))
        .on(simd(threads))
        .seed(9);
  }

  @Test
  void sequenceNetwork() {
    assertSame(train(sequences(1)), train(sequences(3)));
  }

  @Test
  void convolutionalNetwork() {
    assertSame(train(cnn(1)), train(cnn(2)));
  }

  @Test
  void normalizedAndDisturbedNetwork() {
    List<float[]> one = train(normalized(1));
    assertSame(one, train(normalized(2)));
    assertSame(one, train(normalized(3)));
  }
}
