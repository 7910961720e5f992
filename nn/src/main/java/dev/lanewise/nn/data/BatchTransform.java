package dev.lanewise.nn.data;

import dev.lanewise.autodiff.Generator;

/** What makes a batch into another, by chance or not: {@link Augmentation} has some for images. */
@FunctionalInterface
public interface BatchTransform {

  /**
   * {@return the new batch}
   *
   * @param batch the batch, which stays as it is
   * @param random the source of all chance: the same state gives the same batch, bit by bit
   */
  Batch apply(Batch batch, Generator random);
}
