/* SPDX-License-Identifier: Apache-2.0 */
/** The Kubernetes API of one moment: which answer belongs to which path. */
package dev.traversion.rewind.moment;
