/**
 * Arrays in files: NumPy's {@code .npy} and {@code .npz} by {@link dev.lanewise.io.Npy} and {@link
 * dev.lanewise.io.Npz}, and {@link dev.lanewise.io.Safetensors}; settings beside them as {@link
 * dev.lanewise.io.Json}.
 *
 * <p>Files are not trusted: what is wrong with one is a {@link dev.lanewise.io.FileFormatException}
 * that names the file, the byte, what was expected there and what was found, before memory is taken
 * for what a header merely promises. Files are written beside their place and moved there when they
 * are whole, so that a failure leaves the old one as it was: by {@link dev.lanewise.io.NewFile}.
 */
package dev.lanewise.io;
