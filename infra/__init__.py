"""What deploys, configures and runs hikeshi; the product itself never imports it."""
