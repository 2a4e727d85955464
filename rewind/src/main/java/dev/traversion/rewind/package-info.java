/* SPDX-License-Identifier: Apache-2.0 */
/** Serves any moment of a recording as a read-only Kubernetes API server. */
package dev.traversion.rewind;
