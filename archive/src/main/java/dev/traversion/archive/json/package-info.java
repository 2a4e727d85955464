/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the archive reads in an object's JSON, on its bytes and without building a tree: where managedFields lie, who changed it,
 * and what changed. Input that is not JSON is never an error here, it only yields less.
 */
package dev.traversion.archive.json;
