/* SPDX-License-Identifier: Apache-2.0 */
/** Requests to the API server, as raw bytes, with what the kubeconfig says about reaching it. */
package dev.traversion.snapshotter.api;
