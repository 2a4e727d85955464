/* SPDX-License-Identifier: Apache-2.0 */
/** The server of the past that runs in the cluster of the current context: how it is found, reached, and told who asks. */
package dev.traversion.kubectl.incluster;
