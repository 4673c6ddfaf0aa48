"""From a hand-written source, the references and the checks to the notebooks that instructors and students open."""
