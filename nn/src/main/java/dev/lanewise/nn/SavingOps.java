package dev.lanewise.nn;

import dev.lanewise.nn.io.WeightFile;
import dev.lanewise.nn.layer.LayerTypes;
import java.io.IOException;
import java.nio.file.Path;

/** What a {@link Model} does with files, and its copies. */
public sealed interface SavingOps permits Model {

  /**
   * Writes the whole model; see {@link ModelFile#save}. {@link Model#load} reads it again.
   *
   * @param file the file, usually {@code something.lw}
   * @throws UnsupportedOperationException if a layer does not tell what it is made of
   * @throws IllegalArgumentException if a layer could not be made again, or is in two models inside
   *     of this
   * @throws IOException if writing fails; the old file is then as it was
   */
  default void save(Path file) throws IOException {
    ModelFile.save((Model) this, file);
  }

  /**
   * Writes the weights alone; see {@link WeightFile#save}.
   *
   * @param file ends with {@code .safetensors} or {@code .npz}
   * @throws IllegalArgumentException if the file ends otherwise
   * @throws IllegalStateException if the model is not built
   * @throws IOException if writing fails; the old file is then as it was
   */
  default void saveWeights(Path file) throws IOException {
    WeightFile.save((Model) this, file);
  }

  /**
   * Overwrites the weights with those of a file; see {@link WeightFile#load}.
   *
   * @param file ends with {@code .safetensors} or {@code .npz}
   * @throws IllegalArgumentException if the file ends otherwise
   * @throws IllegalStateException if the model is not built, and does not know the shape of its
   *     input
   * @throws dev.lanewise.io.FileFormatException if the file is damaged, or of other weights
   * @throws IOException if reading fails
   */
  default void loadWeights(Path file) throws IOException {
    Model model = (Model) this;
    model.buildIfDeclared();
    WeightFile.load(model, file);
  }

  /**
   * {@return a model of its own of the same layers, with copies of the weights if there are some,
   * not compiled}
   *
   * @throws UnsupportedOperationException if a layer does not tell what it is made of
   * @throws IllegalArgumentException if a layer is not of this library, or is in two models inside
   *     of this
   */
  default Model copy() {
    return copy(LayerTypes.standard());
  }

  /**
   * {@return a model of its own of the same layers, some of them of one's own, with copies of the
   * weights if there are some, not compiled}
   *
   * @param types make the layers: {@link LayerTypes#standard} with one's own types added
   * @throws UnsupportedOperationException if a layer does not tell what it is made of
   * @throws IllegalArgumentException if a layer's type is not known, or it is in two models inside
   *     of this
   */
  default Model copy(LayerTypes types) {
    return ModelFile.copy((Model) this, types);
  }
}
