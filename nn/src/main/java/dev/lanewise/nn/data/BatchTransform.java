package dev.lanewise.nn.data;

import dev.lanewise.autodiff.Generator;

/**
 * What a {@link DataLoader} makes of each batch: noise, another scale; {@link Augmentation} has
 * some for images.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   BatchTransform noise =
 *       (batch, random) ->
 *           Batch.of(
 *               batch.x().add(Tensor.randomNormal(random, 0, 0.1, batch.x().shape())), batch.y());
 *   var loader = DataLoader.of(Iris.load()).shuffle(7).map(noise);
 *   IO.println(loader.iterator().next().x().shape()); // [32, 4]
 * }
 * }
 */
@FunctionalInterface
public interface BatchTransform {

  /**
   * {@return another batch} A loader that prefetches calls this from several threads at once.
   *
   * @param batch the batch, whose tensors nobody else has
   * @param random random numbers that are the same for the same batch: a function of the loader's
   *     seed, the pass through the data and the batch's number in it
   */
  Batch apply(Batch batch, Generator random);
}
