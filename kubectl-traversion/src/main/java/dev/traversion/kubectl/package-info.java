/* SPDX-License-Identifier: Apache-2.0 */
/** The kubectl plugin: record, open, rewind, at. */
package dev.traversion.kubectl;
