package dev.lanewise.cuda;

/**
 * A kernel as text.
 *
 * @param name the name of its {@code extern "C" __global__} function
 * @param text CUDA C without preprocessor, templates, structs and atomics: the part of the language
 *     that the tests can run without a device too
 */
record KernelSource(String name, String text) {}
