/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.store;

/**
 * @param path relative to the store
 * @param size bytes
 */
public record StoredFile(String path, long size) {}
