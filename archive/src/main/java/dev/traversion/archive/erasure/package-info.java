/* SPDX-License-Identifier: Apache-2.0 */
/** Erasure: a lifetime of a namespace is taken out of a recording for good, and a proof of that is sealed. */
package dev.traversion.archive.erasure;
