package dev.lanewise.nn.loss;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The names that losses have in Keras. */
final class LossNames {
  private static final Map<String, Supplier<Loss>> LOSSES = new LinkedHashMap<>();
  private static final List<String> NAMES = new ArrayList<>();

  static {
    add(() -> new SparseCategoricalCrossentropy(false), "sparse_categorical_crossentropy");
    add(() -> new CategoricalCrossentropy(false), "categorical_crossentropy");
    add(() -> new CategoricalFocalCrossentropy(false), "categorical_focal_crossentropy");
    add(() -> new BinaryCrossentropy(false), "binary_crossentropy", "bce");
    add(() -> new BinaryFocalCrossentropy(false), "binary_focal_crossentropy");
    add(MeanSquaredError::new, "mean_squared_error", "mse");
    add(MeanAbsoluteError::new, "mean_absolute_error", "mae");
    add(MeanAbsolutePercentageError::new, "mean_absolute_percentage_error", "mape");
    add(MeanSquaredLogarithmicError::new, "mean_squared_logarithmic_error", "msle");
    add(Huber::new, "huber");
    add(LogCosh::new, "log_cosh");
    add(Hinge::new, "hinge");
    add(SquaredHinge::new, "squared_hinge");
    add(CategoricalHinge::new, "categorical_hinge");
    add(CosineSimilarity::new, "cosine_similarity");
    add(KLDivergence::new, "kl_divergence", "kld");
    add(() -> new PoissonNLL(false, false, Cut.EPSILON), "poisson");
  }

  private LossNames() {}

  private static void add(Supplier<Loss> loss, String... names) {
    for (String name : names) {
      NAMES.add(name);
      LOSSES.put(plain(name), loss);
    }
  }

  private static String plain(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  static Loss loss(String name) {
    Supplier<Loss> found = LOSSES.get(plain(name));
    if (found == null) {
      throw new IllegalArgumentException(
          "loss: there is no '" + name + "'; names are " + String.join(", ", NAMES));
    }
    return found.get();
  }
}
