/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Records what the API server publishes about itself - discovery, OpenAPI, its version - as objects of the type {@code
 * documents.traversion.dev}, named by their paths, so that clients find it in the past, too.
 */
package dev.traversion.snapshotter.documents;
